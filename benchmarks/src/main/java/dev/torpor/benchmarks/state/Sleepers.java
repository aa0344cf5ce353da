package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * W5: very many sleepers.
 *
 * @param agents how many
 * @param burst how many of them are due in one burst, one a millisecond
 * @param woken how many are woken one by one, each time
 */
record Sleepers(int agents, int burst, int woken) implements Benchmark {

  /** Before it is measured, such a part of them is created in another store. */
  static final int WARM_UP = 5;

  private static final List<String> FLAGS = List.of("-Xmx256m");
  private static final List<String> HEADER =
      List.of(
          "contender",
          "created/s",
          "disk MB",
          "ready ms from main",
          "ready ms from process start",
          "heap MB",
          "awake p50 ms",
          "awake p99 ms",
          "awake max ms",
          "late p50 ms",
          "late p99 ms",
          "late max ms");

  @Override
  public String heading() {
    return "W5: a million sleepers";
  }

  @Override
  public String about() {
    return """
    %,d agents, created and put to sleep by one caller that pipelines (two commits each; SQLite: 1,000 rows a \
    transaction) after a fifth as many in another store, then checkpointed and merged. A JVM with `%s` opens them (Torpor's \
    with its classes from an AOT cache, as under the launcher); the files are in the page cache. Heap: \
    after a garbage collection, as soon as it is ready. Awake: %,d sleepers, chosen at random, woken one after the \
    other, each durable when it is counted. Late: %,d that are due one a millisecond, from when each was due to when \
    its waking was decided. To reach: 60,000 a second, 1.2 GB, 500 ms from the start of the process, 100 MB of heap, \
    awake in 2 ms, late by 50 ms at p99. Medians over the rounds, which wake others each time.\
    """
        .formatted(agents, String.join(" ", FLAGS), woken, burst);
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row(stage, "Torpor", Role.MAKE_SLEEPERS, Role.WAKE_SLEEPERS));
    rows.add(row(stage, "SQLite WAL FULL", Role.MAKE_SQLITE_SLEEPERS, Role.WAKE_SQLITE_SLEEPERS));
    return new Table(HEADER, 1, rows);
  }

  private List<String> row(Stage stage, String name, Role make, Role wake) throws Exception {
    Path folder = stage.makeFolder("W5");
    try {
      Path state = folder.resolve("state");
      stage.tell("W5: making %,d sleepers, %s", agents, name);
      double created;
      try (Child builder = Child.start(List.of(), make, state, agents, burst)) {
        created = builder.await("created")[0];
        builder.awaitEnd();
      }
      double megabytes = Folders.bytes(state) / 1e6;
      List<String> flags =
          wake == Role.WAKE_SLEEPERS
              ? Child.trained(folder.resolve("aot"), FLAGS, Role.START, state)
              : FLAGS;
      List<double[]> rounds = new ArrayList<>();
      String failure = "";
      for (int round = 0; round < stage.rounds() && failure.isEmpty(); round++) {
        stage.tell("W5 round %d/%d: %s", round + 1, stage.rounds(), name);
        try {
          rounds.add(start(flags, wake, state, round));
        } catch (Child.ChildFailedException e) {
          failure = ": " + e.getMessage();
          rounds.add(none());
        }
      }
      return cells(name + failure, created, megabytes, Median.of(rounds));
    } finally {
      Stage.remove(folder);
    }
  }

  private double[] start(List<String> flags, Role role, Path state, int round) throws Exception {
    try (Child child = Child.start(flags, role, state, agents, burst, round, woken)) {
      double ready = child.await("ready")[0];
      double age = child.age() * 1e3;
      double heap = child.await("heap")[0];
      double[] awake = child.await("awake");
      double[] late = child.await("late");
      child.awaitEnd();
      return new double[] {
        ready,
        age,
        heap,
        Median.quantile(awake, 0.5),
        Median.quantile(awake, 0.99),
        Median.quantile(awake, 1),
        Median.quantile(late, 0.5),
        Median.quantile(late, 0.99),
        Median.quantile(late, 1)
      };
    }
  }

  private static double[] none() {
    double[] none = new double[HEADER.size() - 3];
    Arrays.fill(none, Double.NaN);
    return none;
  }

  private static List<String> cells(
      String name, double created, double megabytes, double[] median) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(Table.number("%,.0f", created));
    cells.add(Table.number("%,.0f", megabytes));
    for (int i = 0; i < median.length; i++) {
      cells.add(Table.number(i < 2 ? "%,.0f" : i == 2 ? "%,.1f" : "%,.2f", median[i]));
    }
    return cells;
  }
}
