package dev.torpor.store;

import java.time.Duration;
import java.util.List;

/**
 * What a check of a whole store found. Nothing was changed.
 *
 * @param agents how many agents were checked
 * @param entries how many entries there are
 * @param bytes how many bytes were read
 * @param damaged what is damaged, none of it healed; at most {@value #MOST_DAMAGES}
 * @param saved of agents that are damaged, what their documents say, without entries
 * @param notes what is no damage and yet worth to be told, a sentence each
 * @param took how long it took
 */
public record CheckReport(
    long agents,
    long entries,
    long bytes,
    List<Found> damaged,
    List<SavedAgent> saved,
    List<String> notes,
    Duration took) {
  /** What is found behind so many damages is not told. */
  public static final int MOST_DAMAGES = 1000;

  /**
   * A damage, and whether nothing is lost by it.
   *
   * @param healable whether there is a second copy that makes it good
   */
  public record Found(RecoveryReport.Damage damage, boolean healable) {}

  /** Copies the lists. */
  public CheckReport {
    damaged = List.copyOf(damaged);
    saved = List.copyOf(saved);
    notes = List.copyOf(notes);
  }

  public boolean isClean() {
    return damaged.isEmpty();
  }
}
