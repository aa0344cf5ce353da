package dev.torpor.store.file;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether there is anything to be erased: when the first agent was deleted of which something may
 * be left on disk, and in which commit the last one was. Thread-safe.
 */
final class Deletions {
  private @Nullable Instant oldest;
  private long last;

  /** An agent was deleted. */
  synchronized void note(long seq, Instant at) {
    Instant known = oldest;
    oldest = known == null || at.isBefore(known) ? at : known;
    last = Math.max(last, seq);
  }

  /** When the first was; null when there is nothing to be erased. */
  synchronized @Nullable Instant oldest() {
    return oldest;
  }

  /** The sequence number of the last; 0 when there is nothing to be erased. */
  synchronized long last() {
    return last;
  }

  /**
   * Nothing is left of those that were deleted up to a sequence number.
   *
   * @param began when that had been the last of them; what follows came later
   */
  synchronized void erased(long upTo, Instant began) {
    if (last <= upTo) {
      last = 0;
      oldest = null;
    } else {
      oldest = began;
    }
  }
}
