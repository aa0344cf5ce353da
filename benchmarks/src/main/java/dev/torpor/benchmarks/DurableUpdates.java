package dev.torpor.benchmarks;

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
    description = "Measures durable updates beside the physical limit and beside peers.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class DurableUpdates implements Callable<Integer> {

  private static final double BUSY = 0.5;

  @Option(names = "--rounds", defaultValue = "3", description = "how often each contender runs")
  private int rounds;

  @Option(names = "--seconds", description = "measured in each round; else what fits the workload")
  private @Nullable Double seconds;

  @Option(names = "--warm-up", defaultValue = "4", description = "seconds before them")
  private double warmUp;

  @Option(
      names = "--workloads",
      split = ",",
      defaultValue = "W1,W2,W2r",
      description = "of: ${COMPLETION-CANDIDATES}")
  private List<Workload> workloads;

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "",
      description = "only contenders with one of these texts in their name")
  private List<String> only;

  @Option(
      names = "--folder",
      required = true,
      description = "where the contenders put their files; its disk is what is measured")
  private Path folder;

  @Option(names = "--markdown", description = "write the result's section of the results file, too")
  private boolean markdown;

  @Option(names = "--results", required = true, description = "the results file")
  private Path results;

  @Spec private CommandSpec spec;

  private DurableUpdates() {}

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new DurableUpdates());
    command.setOverwrittenOptionsAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Files.createDirectories(folder);
    Machine machine = Machine.here(folder);
    double load = Machine.load();
    out.println(machine);
    out.println(loadNote(load));
    out.println();
    List<Standing> standings = new ArrayList<>();
    for (Workload workload : workloads) {
      Round round = new Round(folder, toDuration(warmUp), toDuration(seconds(workload)));
      List<Contender> contenders =
          Contenders.of(workload).stream()
              .filter(each -> only.stream().anyMatch(each.name()::contains))
              .toList();
      standings.addAll(
          new Contest(workload, contenders, rounds)
              .run(round, spec.commandLine().getErr()::println));
    }
    Table table = new Table(standings);
    out.println(table.toText());
    if (markdown) {
      new ResultsFile(results).replaceSection("Durable updates", section(machine, load, table));
    }
    return 0;
  }

  private String section(Machine machine, double load, Table table) {
    StringBuilder text = new StringBuilder();
    text.append(
        "`benchmarks/run --markdown`, %s. %s.%n".formatted(LocalDate.now(ZoneOffset.UTC), machine));
    text.append(loadNote(load)).append(".\n\n");
    text.append(
        """
        An update is a message of %d bytes, appended and durable before its writer sends the next. \
        %d rounds, interleaved, each after %s s of warm-up; medians over the rounds (max: the longest \
        of all). CPU is the time that the contender's process had a core for one update. The limit \
        of W1 and W2 writes lines of %d bytes, as long as Torpor's, into a file whose \
        blocks are on the disk already; that of W2r is the same server asked for nothing.

        """
            .formatted(Workload.MESSAGE_BYTES, rounds, warmUp, CommitLine.BYTES));
    for (Workload workload : workloads) {
      text.append(
          "- %s: %s; rounds of %s s%n"
              .formatted(workload, workload.description(), seconds(workload)));
    }
    return text.append('\n').append(table.toMarkdown()).toString();
  }

  private double seconds(Workload workload) {
    return seconds == null ? workload.seconds() : seconds;
  }

  private static String loadNote(double load) {
    return String.format(
        Locale.ROOT,
        load > BUSY
            ? "Load average before: %.2f: other programs took part, and all numbers are too low"
            : "Load average before: %.2f",
        load);
  }

  private static Duration toDuration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
