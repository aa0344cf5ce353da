package dev.torpor.benchmarks;

import java.util.List;

/** Who takes part. */
final class Contenders {

  private Contenders() {}

  static List<Contender> of(Workload workload) {
    return switch (workload) {
      case W1 ->
          List.of(
              new BareLoop(LogFile.Kind.RWD),
              new BareLoop(LogFile.Kind.DSYNC),
              new BareLoop(LogFile.Kind.DIRECT),
              new EmbeddedTorpor(),
              new Sqlite(),
              new RocksDb());
      case W2 ->
          List.of(
              new BatchingLoop(LogFile.Kind.RWD),
              new BatchingLoop(LogFile.Kind.DSYNC),
              new BatchingLoop(LogFile.Kind.DIRECT),
              new EmbeddedTorpor(),
              new BatchingSqlite(),
              new RocksDb(),
              new BatchingRocksDb());
      case W2r -> List.of(new ServedNothing(), new ServedTorpor());
    };
  }
}
