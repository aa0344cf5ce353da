package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Delivery;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.WakeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks: submitted, due, cancelled. */
final class TaskRules {
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** More than enough, and a count of milliseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private TaskRules() {}

  static Task submit(Draft draft, Request.SubmitTask request) {
    check(draft, request.spec());
    return submit(draft, request.agentId(), draft.newId(), request.spec());
  }

  /** Takes a task whose spec was checked. */
  static Task submit(Draft draft, String id, String taskId, TaskSpec spec) {
    AgentState addressee = draft.find(id);
    if (addressee != null && addressee.session().status() == AgentStatus.DAMAGED) {
      return kept(draft, id, taskId, normalized(draft, spec));
    }
    AgentState agent = draft.agent(id);
    int most = draft.limits().maxPendingTasks();
    if (agent.session().tasks().pending() >= most) {
      throw Refusal.limit(
          "max_pending_tasks",
          "agent_id",
          "agent '%s' has %d pending tasks (limit max_pending_tasks); retry later or raise the"
              + " limit",
          id,
          most);
    }
    take(draft, id, taskId, spec);
    return task(draft, id, taskId);
  }

  /** Takes a task for which there is room. */
  static void take(Draft draft, String id, String taskId, TaskSpec spec) {
    draft.emit(id, v -> new Change.TaskSubmitted(id, v, taskId, normalized(draft, spec)));
    SleepRules.arrived(draft, id, List.of(WakeEvent.TASK_SUBMITTED));
  }

  /** Keeps a task that came to a damaged agent; as if it were pending. */
  private static Task kept(Draft draft, String id, String taskId, TaskSpec spec) {
    if (DeliveryRules.isFull(draft, id)) {
      throw Refusal.limit(
          "max_kept_deliveries",
          "agent_id",
          "agent '%s' is damaged, and %d tasks and mails are kept for it (limit"
              + " max_kept_deliveries); repair or delete it first",
          id,
          draft.limits().maxKeptDeliveries());
    }
    Delivery delivery = new Delivery(taskId, null, spec, draft.now());
    draft.emit(new Change.DeliveryKept(id, delivery));
    return Task.pending(taskId, id, spec, draft.now(), 0);
  }

  /** A time that is past already means at once. */
  private static TaskSpec normalized(Draft draft, TaskSpec spec) {
    Instant notBefore = spec.notBefore();
    return notBefore != null && !notBefore.isAfter(draft.now()) ? spec.notBefore(null) : spec;
  }

  /** Checks a task before anything is decided. */
  static void check(Draft draft, TaskSpec spec) {
    Names.checkText(spec.prompt(), "prompt", draft.limits());
    Names.checkText(spec.payload(), "payload", draft.limits());
    Names.checkName(spec.type(), "type");
    if (spec.type().isBlank()) {
      throw Refusal.invalid("type", "a task's type has a name");
    }
    if (spec.maxAttempts() < 1 || spec.maxAttempts() > 1000) {
      throw Refusal.invalid("max_attempts", "a task has 1 to 1000 attempts");
    }
    Duration timeout = spec.timeout();
    if (timeout != null
        && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0)) {
      throw Refusal.invalid(
          "timeout_seconds", "a task's time-out is more than nothing and at most " + LONGEST);
    }
    if (spec.notBefore() != null && spec.notBefore().isAfter(LATEST)) {
      throw Refusal.invalid("not_before", "a task runs before " + LATEST);
    }
  }

  static Task cancel(Draft draft, String id, Request.CancelTask request) {
    Names.checkName(request.reason(), "reason");
    Task task = task(draft, id, request.id());
    if (task.status().isFinished()) {
      throw Refusal.conflict(
          "task_finished", "task_id", "task %s is %s already", task.taskId(), shown(task.status()));
    }
    String reason = request.reason();
    draft.emit(id, v -> new Change.TaskCancelled(id, v, task.taskId(), reason));
    if (task.status() == TaskStatus.IN_PROGRESS) {
      TurnRules.afterTurn(draft, id, null, task);
    }
    return task(draft, id, task.taskId());
  }

  /** Lets a task run whose time has come; false when it has not, or somebody was faster. */
  static boolean becomeDue(Draft draft, String id, String taskId) {
    AgentState agent = draft.find(id);
    Task task = agent == null ? null : agent.task(taskId);
    if (task == null
        || task.status() != TaskStatus.PENDING
        || task.notBefore() == null
        || task.notBefore().isAfter(draft.now())) {
      return false;
    }
    draft.emit(id, v -> new Change.TaskBecameDue(id, v, taskId));
    return true;
  }

  private static Task task(Draft draft, String id, String taskId) {
    AgentState agent = draft.sound(id);
    Task task = agent == null ? null : agent.task(taskId);
    if (task == null) {
      throw notFound(taskId);
    }
    return task;
  }

  static Refusal notFound(@Nullable String taskId) {
    return Refusal.notFound(
        "task_not_found", "task_id", "task '%s' does not exist", Names.shown(taskId + ""));
  }

  private static String shown(TaskStatus status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }
}
