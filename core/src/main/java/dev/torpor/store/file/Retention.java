package dev.torpor.store.file;

import java.time.Duration;

/**
 * How long what nobody can ask for any more may stay in a state folder.
 *
 * @param keys how long an idempotency key counts: behind that, merges drop it
 * @param deleted how long what a deleted agent had may be in any file, at most, as long as the
 *     store is open; it goes in the second half of that time
 */
public record Retention(Duration keys, Duration deleted) {
  /** Idempotency keys count for a day, and what was deleted is gone after one. */
  public static final Retention DEFAULT = new Retention(Duration.ofHours(24), Duration.ofHours(24));

  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final Duration SELDOM = Duration.ofMinutes(1);

  public Retention {
    if (deleted.isNegative() || deleted.isZero()) {
      throw new IllegalArgumentException("erased within " + deleted);
    }
  }

  /** How often to look whether it is time to erase. */
  Duration look() {
    Duration often = deleted.dividedBy(100);
    return often.compareTo(SELDOM) > 0 ? SELDOM : often.compareTo(OFTEN) < 0 ? OFTEN : often;
  }
}
