package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import java.nio.file.Path;
import java.time.Duration;

/** How the stores of these benchmarks are opened, in one place. */
final class Stores {

  /** The behavior of agents that have something to do. */
  static final String BEHAVIOR = "work";

  private Stores() {}

  /**
   * A store that takes checkpoints when its journal has grown, and whose agents do next to nothing.
   */
  static TorporBuilder at(Path folder) {
    return withoutCheckpoints(folder).checkpointEvery(Duration.ofMinutes(10));
  }

  /** A store whose journal keeps everything. */
  static TorporBuilder withoutCheckpoints(Path folder) {
    return Torpor.at(folder).behavior(BEHAVIOR, turn -> turn.memory().put("done", true));
  }
}
