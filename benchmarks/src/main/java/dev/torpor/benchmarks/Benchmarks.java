package dev.torpor.benchmarks;

import dev.torpor.benchmarks.state.StateWorkload;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    description = "Measures Torpor beside the physical limit and beside peers.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class Benchmarks implements Callable<Integer> {

  private static final double BUSY = 0.5;

  @Option(names = "--rounds", defaultValue = "3", description = "how often each contender runs")
  private int rounds;

  @Option(
      names = "--seconds",
      description = "W1, W2, W2r: measured in each round; else what fits the workload")
  private @Nullable Double seconds;

  @Option(names = "--warm-up", defaultValue = "4", description = "W1, W2, W2r: seconds before them")
  private double warmUp;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description = "W7: how long the steady work takes")
  private double minutes;

  @Option(
      names = "--small",
      description = "W3 to W8 in a size that takes seconds: a trial, whose numbers mean nothing")
  private boolean small;

  @Option(
      names = "--workloads",
      split = ",",
      defaultValue = "W1,W2,W2r",
      description = "of: ${COMPLETION-CANDIDATES}")
  private List<Choice> choices;

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "",
      description = "W1, W2, W2r: only contenders with one of these texts in their name")
  private List<String> only;

  @Option(
      names = "--folder",
      required = true,
      description = "where the contenders put their files; its disk is what is measured")
  private Path folder;

  @Option(
      names = "--markdown",
      description = "write the result's sections of the results file, too")
  private boolean markdown;

  @Option(names = "--results", required = true, description = "the results file")
  private Path results;

  @Spec private CommandSpec spec;

  private Benchmarks() {}

  /** What can be chosen. */
  private enum Choice {
    W1,
    W2,
    W2r,
    W3,
    W4,
    W5,
    W6,
    W7,
    W8;

    boolean isUpdates() {
      return compareTo(W2r) <= 0;
    }
  }

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Benchmarks());
    command.setOverwrittenOptionsAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Files.createDirectories(folder);
    Machine machine = Machine.here(folder);
    out.println(machine);
    Stage stage = new Stage(folder, rounds, spec.commandLine().getErr()::println);
    for (Benchmark benchmark : benchmarks()) {
      double load = Machine.load();
      out.println();
      out.println(benchmark.heading());
      out.println(loadNote(load));
      out.println();
      out.flush();
      Table table = benchmark.run(stage);
      out.println(table.toText());
      if (markdown) {
        String section = section(benchmark, machine, load, table);
        new ResultsFile(results).replaceSection(benchmark.heading(), section);
      }
    }
    return 0;
  }

  private List<Benchmark> benchmarks() {
    List<Benchmark> benchmarks = new ArrayList<>();
    List<Workload> updates =
        choices.stream().filter(Choice::isUpdates).map(c -> Workload.valueOf(c.name())).toList();
    if (!updates.isEmpty()) {
      benchmarks.add(new DurableUpdates(updates, seconds, warmUp, only));
    }
    Duration steady = Duration.ofMillis((long) (minutes * 60_000));
    choices.stream()
        .filter(choice -> !choice.isUpdates())
        .map(choice -> StateWorkload.valueOf(choice.name()))
        .map(workload -> small ? workload.small() : workload.full(steady))
        .forEach(benchmarks::add);
    return benchmarks;
  }

  private String section(Benchmark benchmark, Machine machine, double load, Table table) {
    return "`benchmarks/run --markdown`, %s. %s.%n%s. Rounds: %d.%n%n%s%n%n%s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            machine,
            loadNote(load),
            rounds,
            benchmark.about().strip(),
            table.toMarkdown());
  }

  private static String loadNote(double load) {
    return String.format(
        Locale.ROOT,
        load > BUSY
            ? "Load average before: %.2f: other programs took part, and all numbers are too low"
            : "Load average before: %.2f",
        load);
  }
}
