package dev.torpor.server;

import static dev.torpor.server.Rig.object;
import static dev.torpor.server.Rig.objects;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BehaviorsTest {
  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(folder);
    rig.call("agent.create", "agent_id", "s", "behavior", "script");
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private Map<String, Object> run(Object... actions) {
    Object id =
        rig.call(
                "task.submit",
                "agent_id",
                "s",
                "prompt",
                "p",
                "payload",
                Map.of("actions", List.of(actions)),
                "retry",
                Map.of("max_attempts", 3))
            .get("task_id");
    return rig.call("task.await", "task_id", id, "timeout_seconds", 30);
  }

  private String error(Object... actions) {
    Map<String, Object> task = run(actions);
    assertThat(task).containsEntry("status", "failed");
    return (String) task.get("error");
  }

  @Test
  void echoAnswersWithThePrompt() {
    rig.call("agent.create", "agent_id", "e");
    Object id = rig.call("task.submit", "agent_id", "e", "prompt", "hi").get("task_id");
    assertThat(rig.call("task.await", "task_id", id, "timeout_seconds", 30))
        .containsEntry("result", "hi");
    assertThat(objects(rig.call("context.history", "agent_id", "e").get("messages")))
        .extracting(message -> message.get("role") + ":" + message.get("content"))
        .containsExactly("user:hi", "assistant:hi");
  }

  @Test
  void aScriptRunsItsActionsInOrder() {
    Map<String, Object> task =
        run(
            Map.of("step", "one", "take_seconds", 0.01, "result", Map.of("id", List.of("$uuid"))),
            Map.of("step", "two"),
            Map.of("append", "said"),
            Map.of("remember", Map.of("k", 1)),
            Map.of(
                "mail",
                Map.of(
                    "to",
                    List.of("user"),
                    "subject",
                    "s",
                    "body",
                    "b",
                    "priority",
                    "high",
                    "expects_reply",
                    true,
                    "reply_by",
                    "2030-01-01T00:00:00Z")),
            Map.of("return", List.of(1, 2)));
    assertThat(task).containsEntry("status", "completed").containsEntry("result", List.of(1, 2));
    List<Map<String, Object>> steps = objects(task.get("steps"));
    assertThat(steps).extracting(step -> step.get("name")).containsExactly("one", "two");
    List<?> ids = (List<?>) object(steps.get(0).get("result")).get("id");
    assertThat(UUID.fromString((String) ids.getFirst()).version()).isEqualTo(4);
    assertThat(rig.call("memory.get", "agent_id", "s", "key", "k")).containsEntry("value", 1);
    assertThat(objects(rig.call("mail.check", "agent_id", "user").get("mail")).getFirst())
        .containsEntry("from", "s")
        .containsEntry("priority", "high")
        .containsEntry("reply_by", "2030-01-01T00:00:00Z");
  }

  @Test
  void aScriptFailsUntilAnAttemptAndKeepsItsSteps() {
    Map<String, Object> task =
        run(
            Map.of("step", "one", "result", "$uuid"),
            Map.of("fail", "not yet", "until_attempt", 3),
            Map.of("return", "done"));
    assertThat(task)
        .containsEntry("status", "completed")
        .containsEntry("attempt", 3)
        .containsEntry("result", "done");
    assertThat(objects(task.get("steps"))).hasSize(1);
    assertThat(error(Map.of("fail", "never"))).isEqualTo("never");
  }

  @Test
  void aScriptPutsItsAgentToSleep() {
    run(Map.of("sleep", Map.of("duration_seconds", 600, "wake_events", List.of("deploy"))));
    Map<String, Object> agent = rig.call("agent.get", "agent_id", "s");
    assertThat(agent).containsEntry("status", "sleeping");
    assertThat(object(agent.get("sleep"))).containsEntry("wake_events", List.of("deploy"));
  }

  @Test
  void aTaskWithoutActionsCompletes() {
    assertThat(run()).containsEntry("status", "completed");
    Object id = rig.call("task.submit", "agent_id", "s", "prompt", "p").get("task_id");
    assertThat(rig.call("task.await", "task_id", id, "timeout_seconds", 30))
        .containsEntry("status", "completed");
  }

  @Test
  void aScriptThatIsWrongFailsAndSaysWhere() {
    assertThat(error(Map.of("append", "ok"), Map.of("dance", 1))).contains("action 2", "dance");
    assertThat(error(Map.of("step", 5))).contains("step must be a text");
    assertThat(error(Map.of("step", "a", "tkae", 1))).contains("tkae");
    assertThat(error(Map.of("wait", Map.of("seconds", 1)))).contains("not there yet");
    assertThat(error(Map.of("spend", Map.of("tokens", 1)))).contains("not there yet");
    assertThat(error(5)).contains("action 1", "object");
    assertThat(error(Map.of("mail", Map.of("to", "user")))).contains("mail.subject is missing");
  }

  @Test
  void aTurnThatTakesLongIsSuspendedAndGoesOnAfterARestart() {
    rig.call(
        "task.submit",
        "agent_id",
        "s",
        "prompt",
        "p",
        "payload",
        Map.of(
            "actions",
            List.of(
                Map.of("step", "one", "result", "$uuid"),
                Map.of("step", "two", "take_seconds", 0.5),
                Map.of("step", "three"))));
    rig.close();
    rig = new Rig(folder);
    Map<String, Object> task =
        objects(rig.call("task.list", "agent_id", "s").get("tasks")).getFirst();
    assertThat(rig.call("task.await", "task_id", task.get("task_id"), "timeout_seconds", 30))
        .containsEntry("status", "completed")
        .containsEntry("attempt", 1);
  }
}
