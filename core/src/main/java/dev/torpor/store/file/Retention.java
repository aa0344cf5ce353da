package dev.torpor.store.file;

import java.time.Duration;

/**
 * How long what nobody can ask for any more may stay in a state folder.
 *
 * @param keys how long an idempotency key counts: behind that, merges drop it
 */
public record Retention(Duration keys) {
  /** Idempotency keys count for a day. */
  public static final Retention DEFAULT = new Retention(Duration.ofHours(24));
}
