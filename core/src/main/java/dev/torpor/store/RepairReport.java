package dev.torpor.store;

import java.time.Duration;
import java.util.List;

/**
 * What a repair did.
 *
 * @param damaged what was damaged, and whether it is healed
 * @param after what a check of all found behind it
 * @param took how long both took
 */
public record RepairReport(List<RecoveryReport.Damage> damaged, CheckReport after, Duration took) {

  /** Copies the list. */
  public RepairReport {
    damaged = List.copyOf(damaged);
  }

  /** Whether nothing was lost, and nothing is damaged any more. */
  public boolean isWhole() {
    return after.isClean() && damaged.stream().allMatch(RecoveryReport.Damage::healed);
  }
}
