package dev.torpor.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finished step of a task; it never runs again.
 *
 * @param name unique in its task
 * @param result what it returned: any JSON value
 * @param finishedAt when its result became durable
 */
public record Step(String name, @Nullable Object result, Instant finishedAt) {
  public Step {
    result = Json.freeze(result);
  }
}
