package dev.torpor.store;

import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Invariants;
import java.util.List;

/** Says what is wrong with an agent, on save, on load and on demand. Thread-safe. */
@FunctionalInterface
public interface StateValidator {
  /** Checks the invariants of {@link Invariants}. */
  StateValidator INVARIANTS = Invariants::broken;

  /** What does not hold of it, a sentence each; empty when all is well. */
  List<String> validate(AgentSnapshot agent);
}
