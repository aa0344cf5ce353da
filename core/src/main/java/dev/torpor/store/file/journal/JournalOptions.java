package dev.torpor.store.file.journal;

import java.time.Duration;

/**
 * How a journal is cut.
 *
 * @param segmentSize bytes of a segment; at least {@code maxLineSize} and 512
 * @param maxLineSize most bytes of a commit's line, its end included; at least 256
 * @param segmentsAhead how many blank segments are kept ready; at least 1
 * @param idleBeforeMark how long nothing must be written until a line of its own says what is
 *     durable
 */
public record JournalOptions(
    long segmentSize, int maxLineSize, int segmentsAhead, Duration idleBeforeMark) {

  /** Segments of 16 MiB, two ahead; lines of 8 MiB at most; a mark after 50 ms. */
  public static final JournalOptions DEFAULT =
      new JournalOptions(16 << 20, 8 << 20, 2, Duration.ofMillis(50));

  /** What a segment holds besides commits: its header, and the reserve for a mark. */
  static final int OVERHEAD = 512;

  /** Checks the limits. */
  public JournalOptions {
    if (maxLineSize < 256 || segmentSize < (long) maxLineSize + OVERHEAD) {
      throw new IllegalArgumentException(
          "a segment of %d bytes cannot hold a line of %d".formatted(segmentSize, maxLineSize));
    }
    if (segmentsAhead < 1 || idleBeforeMark.isNegative() || idleBeforeMark.isZero()) {
      throw new IllegalArgumentException(
          "segments ahead: %d, idle before mark: %s".formatted(segmentsAhead, idleBeforeMark));
    }
  }
}
