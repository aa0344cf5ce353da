package dev.torpor.store.file;

import java.time.Duration;

/**
 * When checkpoints are taken, how much of what they wrote is kept in memory, and how it is read
 * again.
 *
 * @param every how long a commit is in the journal alone, at most, unless the disk cannot follow
 * @param journalSize bytes of the journal after which one is taken at once
 * @param memory about how many bytes of heap entries may hold, besides those that are in the
 *     journal alone; more are let go, and loaded again when they are needed
 * @param scrub how what was written is read again
 * @param retention how long what nobody can ask for any more may stay
 */
public record PackOptions(
    Duration every, long journalSize, long memory, ScrubOptions scrub, Retention retention) {
  /** After this much of the journal, a start would take seconds. */
  private static final long JOURNAL_SIZE = 48 << 20;

  /** Every minute, or after 48 MiB of journal; a quarter of the heap for entries. */
  public static final PackOptions DEFAULT = every(Duration.ofMinutes(1));

  /** After a time, or 48 MiB of journal; a quarter of the heap for entries. */
  public static PackOptions every(Duration time) {
    return new PackOptions(time, JOURNAL_SIZE, defaultMemory());
  }

  static long defaultMemory() {
    return Runtime.getRuntime().maxMemory() / 4;
  }

  /** With the scrub and the retention that Torpor thinks best. */
  public PackOptions(Duration every, long journalSize, long memory) {
    this(every, journalSize, memory, ScrubOptions.DEFAULT, Retention.DEFAULT);
  }

  /** The same, with another scrub. */
  public PackOptions with(ScrubOptions scrub) {
    return new PackOptions(every, journalSize, memory, scrub, retention);
  }

  /** The same, with another retention. */
  public PackOptions with(Retention retention) {
    return new PackOptions(every, journalSize, memory, scrub, retention);
  }

  /** How many segments of a size the journal may have when a checkpoint is asked for. */
  int segments(long segmentSize) {
    return Math.clamp(journalSize / segmentSize, 2, Integer.MAX_VALUE);
  }

  public PackOptions {
    if (every.isNegative() || every.isZero() || journalSize < 1 || memory < 1) {
      throw new IllegalArgumentException(
          "every %s, or %d bytes; %d in memory".formatted(every, journalSize, memory));
    }
  }
}
