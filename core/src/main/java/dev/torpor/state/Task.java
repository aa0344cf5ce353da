package dev.torpor.state;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task of an agent.
 *
 * @param taskId unique in the whole store
 * @param agentId whose task it is
 * @param type what kind of task, for the behavior; {@code task} unless said, {@code wake} after a
 *     sleep
 * @param prompt what to do
 * @param payload what to do, for programs: any JSON value
 * @param priority which comes first; of equal ones the older
 * @param status where it is on its way
 * @param attempt 1 in the first run, one more after each run that failed
 * @param maxAttempts after how many failed runs the task has failed
 * @param recoveries how many runs a crash cut off
 * @param submittedAt when it came
 * @param notBefore before which time it does not run; null once that time has come
 * @param timeout how long a run may take; null: as long as it likes
 * @param startedAt when its first run began
 * @param finishedAt when it was completed, failed or cancelled
 * @param result what its turn returned: any JSON value
 * @param error why its last run failed, or why it was cancelled
 * @param order the agent's version at which it came: the queue's order within a priority
 * @param steps how many finished steps it has
 * @param turn the version at which the running turn began, which fences off any older one; 0 while
 *     none runs
 * @param turnSeq the sequence number at which the running turn began; 0 while none runs
 */
public record Task(
    String taskId,
    String agentId,
    String type,
    String prompt,
    @Nullable Object payload,
    Priority priority,
    TaskStatus status,
    int attempt,
    int maxAttempts,
    int recoveries,
    Instant submittedAt,
    @Nullable Instant notBefore,
    @Nullable Duration timeout,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Object result,
    @Nullable String error,
    long order,
    int steps,
    long turn,
    long turnSeq) {

  /** {@link #taskId()}, for short. */
  public String id() {
    return taskId;
  }

  /** The type of a task that was not given one. */
  public static final String DEFAULT_TYPE = "task";

  /** The type of the task that follows a sleep. */
  public static final String WAKE = "wake";

  public Task {
    payload = Json.freeze(payload);
    result = Json.freeze(result);
  }

  /** A new task, pending. */
  public static Task pending(
      String taskId, String agentId, TaskSpec spec, Instant submittedAt, long order) {
    return new Task(
        taskId,
        agentId,
        spec.type(),
        spec.prompt(),
        spec.payload(),
        spec.priority(),
        TaskStatus.PENDING,
        1,
        spec.maxAttempts(),
        0,
        submittedAt,
        spec.notBefore(),
        spec.timeout(),
        null,
        null,
        null,
        null,
        order,
        0,
        0,
        0);
  }

  Task started(long turn, long turnSeq, Instant at) {
    Edit edit = new Edit(TaskStatus.IN_PROGRESS);
    edit.startedAt = startedAt == null ? at : startedAt;
    edit.turn = turn;
    edit.turnSeq = turnSeq;
    return edit.done();
  }

  /** It can run, or run again: its time has come, or its run was cut short by nobody's fault. */
  Task queued() {
    return new Edit(TaskStatus.PENDING).done();
  }

  /** Its run was cut off by a crash. */
  Task recovered() {
    Edit edit = new Edit(TaskStatus.PENDING);
    edit.recoveries++;
    return edit.done();
  }

  /** Its run failed, and there is another attempt. */
  Task failed(String error) {
    Edit edit = new Edit(TaskStatus.PENDING);
    edit.attempt++;
    edit.error = error;
    return edit.done();
  }

  /** The same, its turn, if it is in one, having begun at another sequence number. */
  Task inTurnSince(long seq) {
    return status == TaskStatus.IN_PROGRESS ? started(turn, seq, submittedAt) : this;
  }

  Task withSteps(int steps) {
    Edit edit = new Edit(status);
    edit.turn = turn;
    edit.turnSeq = turnSeq;
    edit.steps = steps;
    return edit.done();
  }

  Task finished(TaskStatus status, @Nullable Object result, @Nullable String error, Instant at) {
    Edit edit = new Edit(status);
    edit.finishedAt = at;
    edit.result = result;
    edit.error = error;
    return edit.done();
  }

  /**
   * A step on the task's way: not waiting for a time, in no turn, and not at its end, unless said.
   */
  private final class Edit {
    final TaskStatus status;
    int attempt = Task.this.attempt;
    int recoveries = Task.this.recoveries;
    @Nullable Instant startedAt = Task.this.startedAt;
    @Nullable Instant finishedAt;
    @Nullable Object result;
    @Nullable String error = Task.this.error;
    int steps = Task.this.steps;
    long turn;
    long turnSeq;

    Edit(TaskStatus status) {
      this.status = status;
    }

    Task done() {
      return new Task(
          taskId,
          agentId,
          type,
          prompt,
          payload,
          priority,
          status,
          attempt,
          maxAttempts,
          recoveries,
          submittedAt,
          null,
          timeout,
          startedAt,
          finishedAt,
          result,
          error,
          order,
          steps,
          turn,
          turnSeq);
    }
  }
}
