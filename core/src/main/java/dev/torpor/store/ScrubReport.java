package dev.torpor.store;

import java.util.List;

/**
 * How far a store is with reading again what it has written.
 *
 * @param passes how many times all of it was read since the store was opened
 * @param progress how much of the running pass is done, from 0 to 1; 1 between two passes
 * @param damaged what was found damaged since the store was opened, the oldest first, at most
 *     {@value #MOST_DAMAGES}
 */
public record ScrubReport(long passes, double progress, List<RecoveryReport.Damage> damaged) {
  /** More damages than this are in the log alone. */
  public static final int MOST_DAMAGES = 1000;

  /** Of a store that reads nothing again. */
  public static final ScrubReport NONE = new ScrubReport(0, 0, List.of());

  /** Copies the list. */
  public ScrubReport {
    damaged = List.copyOf(damaged);
  }
}
