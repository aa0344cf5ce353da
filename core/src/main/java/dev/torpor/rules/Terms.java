package dev.torpor.rules;

import org.jspecify.annotations.Nullable;

/**
 * On what terms a request is made.
 *
 * @param idempotencyKey under which it is carried out once, however often it comes; null: each time
 * @param expectedVersion the version that the agent must have; null: any
 */
public record Terms(@Nullable String idempotencyKey, @Nullable Long expectedVersion) {
  public static final Terms NONE = new Terms(null, null);
}
