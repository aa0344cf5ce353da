package dev.torpor.store.file.document;

import java.time.Duration;

/**
 * How documents are projected.
 *
 * @param delay how long a change waits for others, so that they are written together
 * @param filesPerSecond how many files are written, at most
 * @param bytesPerSecond how many bytes are written, at most; a document that is written whole rests
 *     until a sixteenth of this would have written it
 * @param closeWithin how long a closing store takes to write what waits
 */
public record DocumentOptions(
    Duration delay, int filesPerSecond, long bytesPerSecond, Duration closeWithin) {
  /** Half a second, 1,000 files and 16 MiB a second, 10 seconds. */
  public static final DocumentOptions DEFAULT =
      new DocumentOptions(Duration.ofMillis(500), 1000, 16 << 20, Duration.ofSeconds(10));

  private static final int RESTING = 16;

  /** Of the time of one core, no more than one part of so many. */
  private static final int SHARE = 8;

  public DocumentOptions {
    if (delay.isNegative() || filesPerSecond < 1 || bytesPerSecond < RESTING) {
      throw new IllegalArgumentException(
          "delay %s, %d files and %d bytes a second"
              .formatted(delay, filesPerSecond, bytesPerSecond));
    }
  }

  /**
   * How long to write nothing behind so much, in nanoseconds.
   *
   * @param took how long it took, likewise
   */
  long pause(Cost cost, long took) {
    double seconds =
        Math.max((double) cost.files() / filesPerSecond, (double) cost.bytes() / bytesPerSecond);
    return Math.max((long) (seconds * 1e9), (SHARE - 1) * took);
  }

  /** How long documents rest of which so much was written anew, in nanoseconds. */
  long rest(long rewritten) {
    return (long) ((double) rewritten * RESTING / bytesPerSecond * 1e9);
  }
}
