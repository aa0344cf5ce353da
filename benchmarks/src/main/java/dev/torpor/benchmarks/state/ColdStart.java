package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.ServerChild;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** W4: the start of a process on a folder of many agents that were stopped in order. */
record ColdStart(List<Integer> populations) implements Benchmark {

  private static final List<String> FLAGS = List.of("-Xmx256m");
  private static final List<String> HEADER =
      List.of(
          "contender",
          "agents",
          "ready ms from main",
          "ready ms from process start",
          "of the smallest",
          "first turn ms",
          "folder MB");

  ColdStart {
    populations = List.copyOf(populations);
  }

  @Override
  public String heading() {
    return "W4: a cold start";
  }

  @Override
  public String about() {
    return """
    Agents with 50 messages, 5 tasks, a sleep and 3 mails each, built through the door and stopped in order; then a \
    JVM with `%s`, and its classes from an AOT cache as under the launcher, opens the folder, wakes one agent and runs its first task. The files are in the page cache. Ready \
    is to come at most 300 ms after `main`, with the most agents at most 1.5 times as late as with the fewest; the \
    first turn at most 300 ms after that. The server is the same folder under `torpor serve`, ready when it says so; \
    the limit is a JVM that only says that it is there. Medians over the rounds.\
    """
        .formatted(String.join(" ", FLAGS));
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        cells(
            "limit: a JVM that does nothing",
            0,
            starts(stage, FLAGS, Role.NOTHING, null),
            null,
            0));
    double @Nullable [] smallest = null;
    for (int agents : populations) {
      Path folder = stage.makeFolder("W4");
      try {
        Path state = folder.resolve("state");
        stage.tell("W4: making %,d agents", agents);
        try (Child builder = Child.start(List.of(), Role.POPULATE, state, agents)) {
          builder.awaitEnd();
        }
        double megabytes = Folders.bytes(state) / 1e6;
        stage.tell("W4: starting with %,d agents", agents);
        List<String> flags =
            Child.trained(
                folder.resolve("aot"), FLAGS, Role.START, state, Population.id(agents - 1));
        double[] torpor = starts(stage, flags, Role.START, state);
        smallest = smallest == null ? torpor : smallest;
        rows.add(cells("Torpor", agents, torpor, smallest, megabytes));
        rows.add(
            cells("Torpor server", agents, serverStarts(stage, folder, state), null, megabytes));
      } catch (Child.ChildFailedException e) {
        rows.add(failure(agents, e));
      } finally {
        Stage.remove(folder);
      }
    }
    return new Table(HEADER, 1, rows);
  }

  /** Milliseconds: ready from main, ready from the start of the process, the first turn. */
  private double[] starts(Stage stage, List<String> flags, Role role, @Nullable Path state)
      throws Exception {
    List<double[]> rounds = new ArrayList<>();
    for (int round = 0; round < stage.rounds(); round++) {
      Object[] arguments =
          state == null ? new Object[0] : new Object[] {state, Population.id(round)};
      try (Child child = Child.start(flags, role, arguments)) {
        double ready = child.await("ready")[0];
        double age = child.age() * 1e3;
        double turn = state == null ? Double.NaN : child.await("turn")[0];
        child.awaitEnd();
        rounds.add(new double[] {ready, age, turn});
      }
    }
    return Median.of(rounds);
  }

  private static double[] serverStarts(Stage stage, Path folder, Path state) throws Exception {
    Path cache = folder.resolve("server.aot");
    new ServerChild(state, AotCache.training(cache, FLAGS)).close();
    List<String> flags = AotCache.using(cache, FLAGS);
    List<double[]> rounds = new ArrayList<>();
    for (int round = 0; round < stage.rounds(); round++) {
      long before = System.nanoTime();
      try (ServerChild server = new ServerChild(state, flags)) {
        rounds.add(new double[] {Double.NaN, (System.nanoTime() - before) / 1e6, Double.NaN});
      }
    }
    return Median.of(rounds);
  }

  private static List<String> cells(
      String name, int agents, double[] median, double @Nullable [] smallest, double megabytes) {
    return List.of(
        name,
        Table.number("%,.0f", agents),
        Table.number("%,.0f", median[0]),
        Table.number("%,.0f", median[1]),
        Table.number("%.2f", smallest == null ? Double.NaN : median[0] / smallest[0]),
        Table.number("%,.0f", median[2]),
        Table.number("%,.1f", megabytes));
  }

  private static List<String> failure(int agents, Exception why) {
    return List.of(
        "Torpor: " + why.getMessage(), Table.number("%,.0f", agents), "", "", "", "", "");
  }
}
