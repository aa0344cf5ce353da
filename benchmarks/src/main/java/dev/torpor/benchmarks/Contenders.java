package dev.torpor.benchmarks;

import java.util.List;

/** Who takes part. */
public final class Contenders {

  private Contenders() {}

  /** RocksDB, with one writer that takes what all have. */
  public static Contender batchingRocksDb() {
    return new BatchingRocksDb();
  }

  static List<Contender> of(Workload workload) {
    return switch (workload) {
      case W1 ->
          List.of(
              new BareLoop(LogFile.Kind.RWD),
              new BareLoop(LogFile.Kind.DSYNC),
              new BareLoop(LogFile.Kind.DIRECT),
              new EmbeddedTorpor(false),
              new EmbeddedTorpor(true),
              new Sqlite(),
              new RocksDb());
      case W2 ->
          List.of(
              new BatchingLoop(LogFile.Kind.RWD),
              new BatchingLoop(LogFile.Kind.DSYNC),
              new BatchingLoop(LogFile.Kind.DIRECT),
              new EmbeddedTorpor(false),
              new EmbeddedTorpor(true),
              new BatchingSqlite(),
              new RocksDb(),
              new BatchingRocksDb());
      case W2r -> List.of(new ServedNothing(), new ServedTorpor());
    };
  }
}
