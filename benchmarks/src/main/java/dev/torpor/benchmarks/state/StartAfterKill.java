package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * W8: the start after a SIGKILL.
 *
 * @param journalBytes how long the journal's lines are that no pack has, when the kill comes
 */
record StartAfterKill(long journalBytes) implements Benchmark {

  private static final List<String> HEADER =
      List.of(
          "contender",
          "lines MB at the kill",
          "commits replayed",
          "ready ms from main",
          "ready ms from process start");

  @Override
  public String heading() {
    return "W8: a start after a kill";
  }

  @Override
  public String about() {
    return """
    W2's 64 writers in a process that is killed (SIGKILL) when the lines that no pack has come to %,d bytes (a \
    checkpoint is asked for when the third segment of 16 MiB begins, behind 32 MiB); then a start on what is left, \
    which is to be ready at most 1.5 s after the start of the process. The limit only reads the journal's files and \
    computes their checksum; RocksDB, killed when its log has that size, reads it again. Torpor's JVM has its classes from an AOT cache, as under the launcher. \
    The files are in the page cache. Medians over the rounds, each with a kill of its own.\
    """
        .formatted(journalBytes);
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<double[]> limit = new ArrayList<>();
    List<double[]> torpor = new ArrayList<>();
    List<double[]> rocksDb = new ArrayList<>();
    Path trainer = stage.makeFolder("W8");
    try {
      kill(Role.WRITE, trainer.resolve("state"));
      List<String> flags =
          Child.trained(trainer.resolve("aot"), List.of(), Role.START, trainer.resolve("state"));
      rounds(stage, flags, limit, torpor, rocksDb);
    } finally {
      Stage.remove(trainer);
    }
    limit.forEach(round -> round[1] = Double.NaN);
    rocksDb.forEach(round -> round[1] = Double.NaN);
    return new Table(
        HEADER,
        1,
        List.of(
            cells("limit: a JVM that reads the journal", limit),
            cells("Torpor", torpor),
            cells("RocksDB sync, batches", rocksDb)));
  }

  private void rounds(
      Stage stage,
      List<String> flags,
      List<double[]> limit,
      List<double[]> torpor,
      List<double[]> rocksDb)
      throws Exception {
    for (int round = 1; round <= stage.rounds(); round++) {
      stage.tell("W8 round %d/%d", round, stage.rounds());
      Path folder = stage.makeFolder("W8");
      try {
        double size = kill(Role.WRITE, folder.resolve("state"));
        limit.add(start(List.of(), Role.READ_BYTES, folder.resolve("state"), size));
        torpor.add(start(flags, Role.START, folder.resolve("state"), size));
        double log = kill(Role.WRITE_ROCKSDB, folder.resolve("rocksdb"));
        rocksDb.add(start(List.of(), Role.START_ROCKSDB, folder.resolve("rocksdb"), log));
      } finally {
        Stage.remove(folder);
      }
    }
  }

  private double kill(Role role, Path state) throws Exception {
    try (Child child = Child.start(List.of(), role, state, journalBytes)) {
      double size = child.await("full")[0];
      child.kill();
      return size;
    }
  }

  private static double[] start(List<String> flags, Role role, Path state, double size)
      throws Exception {
    try (Child child = Child.start(flags, role, state)) {
      double[] ready = child.await("ready");
      double age = child.age() * 1e3;
      child.awaitEnd();
      return new double[] {size, ready[1], ready[0], age};
    }
  }

  private static List<String> cells(String name, List<double[]> rounds) {
    double[] median = Median.of(rounds);
    return List.of(
        name,
        Table.number("%,.1f", median[0]),
        Table.number("%,.0f", median[1]),
        Table.number("%,.0f", median[2]),
        Table.number("%,.0f", median[3]));
  }
}
