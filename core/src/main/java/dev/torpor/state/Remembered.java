package dev.torpor.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that was carried out under an idempotency key.
 *
 * @param digest of its parameters, so that the key with others is noticed
 * @param answer what it was answered: any JSON value
 * @param at when
 */
public record Remembered(String digest, @Nullable Object answer, Instant at) {
  public Remembered {
    answer = Json.freezeAround(answer);
  }
}
