package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import java.nio.file.Path;
import java.time.Clock;

/** How the stores of these benchmarks are opened, in one place. */
final class Stores {

  /** The behavior of agents that have something to do. */
  static final String BEHAVIOR = "work";

  private Stores() {}

  /** A store as it is unless anything is said, whose agents do next to nothing. */
  static TorporBuilder at(Path folder) {
    return working(Torpor.at(folder));
  }

  /** A store whose journal keeps everything, which the door does not offer: to compare with. */
  static TorporBuilder withoutCheckpoints(Path folder) {
    return working(
        Torpor.with(
            FileStore.open(
                folder,
                new JsonStateSerializer(),
                StateValidator.INVARIANTS,
                Clock.systemUTC(),
                null)));
  }

  private static TorporBuilder working(TorporBuilder builder) {
    return builder.behavior(BEHAVIOR, turn -> turn.memory().put("done", true));
  }
}
