package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.state.Priority;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code task.*}. */
final class TaskMethods {
  /** The longest that a call waits; a client that wants more asks again. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private static final int MOST_ATTEMPTS = 1000;

  private final Torpor torpor;

  TaskMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.changing(
        "task.submit",
        this::submit,
        "agent_id",
        "prompt",
        "type",
        "payload",
        "priority",
        "not_before",
        "timeout_seconds",
        "retry");
    methods.reading("task.get", p -> view(torpor.task(p.text("task_id"))), "task_id");
    methods.reading(
        "task.await",
        p -> view(torpor.await(p.text("task_id"), p.timeout(LONGEST_WAIT))),
        "task_id",
        "timeout_seconds");
    methods.reading("task.list", this::list, "agent_id", "status", "limit", "cursor");
    methods.changing("task.cancel", this::cancel, "task_id", "reason");
  }

  private Supplier<?> submit(Params p, Carrier carrier) {
    TaskSpec spec =
        new TaskSpec(
            p.text("prompt"),
            p.text("type", Task.DEFAULT_TYPE),
            p.value("payload"),
            p.oneOf("priority", Priority.class, Priority.NORMAL),
            p.time("not_before"),
            p.duration("timeout_seconds"),
            attempts(p.parts("retry")));
    return task(new Request.SubmitTask(p.text("agent_id"), spec), p, carrier);
  }

  private static int attempts(@Nullable Params retry) {
    if (retry == null) {
      return 1;
    }
    retry.checkNames(Set.of("max_attempts"));
    return retry.integer("max_attempts", 1, 1, MOST_ATTEMPTS);
  }

  private Map<String, @Nullable Object> list(Params p) {
    return Views.page(
        "tasks",
        torpor.tasks(
            p.optionalText("agent_id"),
            p.oneOf("status", TaskStatus.class),
            p.limit(),
            p.optionalText("cursor")),
        this::view);
  }

  private Supplier<?> cancel(Params p, Carrier carrier) {
    return task(new Request.CancelTask(p.text("task_id"), p.optionalText("reason")), p, carrier);
  }

  private Supplier<?> task(Request<Task> request, Params p, Carrier carrier) {
    Supplier<Task> task = carrier.carry(request, p.terms());
    return () -> view(task.get());
  }

  private Map<String, @Nullable Object> view(Task task) {
    return Views.task(task, task.steps() == 0 ? List.of() : torpor.steps(task));
  }
}
