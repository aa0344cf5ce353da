package dev.torpor.store;

import java.time.Duration;
import java.util.List;

/**
 * What a repair did.
 *
 * @param damaged what was damaged, and whether it is healed
 * @param restored ids of agents that were brought back from their documents
 * @param after what a check of all found behind it
 * @param took how long both took
 */
public record RepairReport(
    List<RecoveryReport.Damage> damaged, List<String> restored, CheckReport after, Duration took) {

  /** Copies the lists. */
  public RepairReport {
    damaged = List.copyOf(damaged);
    restored = List.copyOf(restored);
  }

  /** Whether nothing was lost, and nothing is damaged any more. */
  public boolean isWhole() {
    return after.isClean() && damaged.stream().allMatch(RecoveryReport.Damage::healed);
  }
}
