package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "submit", description = "Gives an agent a task.")
final class SubmitCommand extends ServerCommand {
  private static final int LONGEST_WAIT_SECONDS = 60;

  @Parameters(index = "0", paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Parameters(index = "1", paramLabel = "PROMPT", description = "What it is to do.")
  private String prompt = "";

  @Option(names = "--wait", description = "Wait until it is finished, however long it takes.")
  private boolean wait;

  @Option(names = "--type", paramLabel = "TYPE", description = "A word for the behavior.")
  private @Nullable String type;

  @Option(names = "--payload", paramLabel = "JSON", description = "Anything for the behavior.")
  private @Nullable String payload;

  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "low, normal, high or urgent (default: normal).")
  private @Nullable String priority;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key again gives the first task instead of a second.")
  private @Nullable String key;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("prompt", prompt);
    params.put("type", type);
    params.put("payload", JsonText.option("--payload", payload));
    params.put("priority", priority);
    params.put("idempotency_key", key);
    Answer task = caller.call("task.submit", params);
    while (wait && !isFinished(task)) {
      task =
          caller.call(
              "task.await",
              Map.of("task_id", task.text("task_id"), "timeout_seconds", LONGEST_WAIT_SECONDS));
    }
    return task;
  }

  private static boolean isFinished(Answer task) {
    return switch (task.text("status")) {
      case "completed", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  @Override
  void show(Answer task) {
    say("task %s of %s: %s", task.text("task_id"), id, task.text("status"));
    if (task.has("error")) {
      say("error: %s", task.text("error"));
    }
    if (task.has("result")) {
      Object result = task.value("result");
      say("%s", result instanceof String text ? text : JsonText.pretty(result));
    }
  }

  @Override
  int exitCode(Answer task) {
    return switch (task.text("status")) {
      case "failed", "cancelled" -> ExitCode.FAILED;
      default -> ExitCode.DONE;
    };
  }
}
