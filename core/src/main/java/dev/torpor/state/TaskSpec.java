package dev.torpor.state;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a task is to be, before it is submitted.
 *
 * @param prompt what to do
 * @param type what kind of task, for the behavior
 * @param payload what to do, for programs: any JSON value
 * @param priority which comes first
 * @param notBefore before which time it does not run; null: at once
 * @param timeout how long a run may take; null: as long as it likes
 * @param maxAttempts after how many failed runs it has failed; at least 1
 */
public record TaskSpec(
    String prompt,
    String type,
    @Nullable Object payload,
    Priority priority,
    @Nullable Instant notBefore,
    @Nullable Duration timeout,
    int maxAttempts) {
  public TaskSpec {
    payload = Json.freeze(payload);
  }

  /** A task of normal priority with one attempt. */
  public static TaskSpec of(String prompt) {
    return new TaskSpec(prompt, Task.DEFAULT_TYPE, null, Priority.NORMAL, null, null, 1);
  }

  public TaskSpec type(String type) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }

  public TaskSpec payload(@Nullable Object payload) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }

  public TaskSpec priority(Priority priority) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }

  public TaskSpec notBefore(@Nullable Instant notBefore) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }

  public TaskSpec timeout(@Nullable Duration timeout) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }

  public TaskSpec maxAttempts(int maxAttempts) {
    return new TaskSpec(prompt, type, payload, priority, notBefore, timeout, maxAttempts);
  }
}
