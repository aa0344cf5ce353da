package dev.torpor.store.file;

import java.time.Duration;

/**
 * When checkpoints are taken.
 *
 * @param every how long a commit is in the journal alone, at most, unless the disk cannot follow
 * @param journalSize bytes of the journal after which one is taken at once
 */
public record PackOptions(Duration every, long journalSize) {
  /** After this much of the journal, a start would take seconds. */
  private static final long JOURNAL_SIZE = 64 << 20;

  /** After a time, or 64 MiB of journal. */
  public static PackOptions every(Duration time) {
    return new PackOptions(time, JOURNAL_SIZE);
  }

  /** How many segments of a size the journal may have when a checkpoint is asked for. */
  int segments(long segmentSize) {
    return Math.clamp(journalSize / segmentSize, 2, Integer.MAX_VALUE);
  }

  public PackOptions {
    if (every.isNegative() || every.isZero() || journalSize < 1) {
      throw new IllegalArgumentException("every " + every + ", or " + journalSize + " bytes");
    }
  }
}
