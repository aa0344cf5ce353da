package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import java.time.Duration;
import java.util.List;

/** The workloads of this room, each in its full size and in one that takes seconds. */
public enum StateWorkload {
  W3 {
    @Override
    public Benchmark full(Duration steady) {
      return new LongHistory(5_000, 500, 200_000, 20_000);
    }

    @Override
    public Benchmark small() {
      return new LongHistory(200, 20, 2_000, 200);
    }
  },
  W4 {
    @Override
    public Benchmark full(Duration steady) {
      return new ColdStart(List.of(1_000, 10_000, 100_000));
    }

    @Override
    public Benchmark small() {
      return new ColdStart(List.of(5, 20));
    }
  },
  W5 {
    @Override
    public Benchmark full(Duration steady) {
      return new Sleepers(1_000_000, 10_000, 1_000);
    }

    @Override
    public Benchmark small() {
      return new Sleepers(4_000, 500, 20);
    }
  },
  W6 {
    @Override
    public Benchmark full(Duration steady) {
      return new BesideCheckpoints(
          10_000, Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(20));
    }

    @Override
    public Benchmark small() {
      return new BesideCheckpoints(
          50, Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(300));
    }
  },
  W7 {
    @Override
    public Benchmark full(Duration steady) {
      return new SteadyWork(50_000, steady, 20);
    }

    @Override
    public Benchmark small() {
      return new SteadyWork(100, Duration.ofSeconds(1), 3);
    }
  },
  W8 {
    @Override
    public Benchmark full(Duration steady) {
      return new StartAfterKill(32 << 20);
    }

    @Override
    public Benchmark small() {
      return new StartAfterKill(1 << 20);
    }
  };

  /**
   * As the results are to be measured.
   *
   * @param steady how long the steady work of W7 takes
   */
  public abstract Benchmark full(Duration steady);

  /** So small that it takes seconds. */
  public abstract Benchmark small();
}
