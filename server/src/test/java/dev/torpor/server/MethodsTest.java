package dev.torpor.server;

import static dev.torpor.server.Rig.object;
import static dev.torpor.server.Rig.objects;
import static dev.torpor.server.Rig.reason;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.Torpor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MethodsTest {
  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(folder);
    rig.call("agent.create", "agent_id", "a", "name", "Ada", "configuration", Map.of("x", 1));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void anAgentIsCreatedAsItWasSaid() {
    Map<String, Object> agent =
        rig.call(
            "agent.create",
            "agent_id",
            "b",
            "behavior",
            "script",
            "tool_sets",
            List.of("t"),
            "metadata",
            Map.of("k", "v"),
            "auto_start",
            false);
    assertThat(agent)
        .containsEntry("agent_id", "b")
        .containsEntry("agent_name", "b")
        .containsEntry("status", "stopped")
        .containsEntry("version", 1)
        .containsEntry("behavior", "script")
        .containsEntry("tool_sets", List.of("t"))
        .containsEntry("metadata", Map.of("k", "v"))
        .doesNotContainKeys("sleep", "why_not_running");
  }

  @Test
  void anAgentOfAnUnknownBehaviorIsRefused() {
    Map<String, Object> error = rig.refused("agent.create", "agent_id", "b", "behavior", "no-such");
    assertThat(error).containsEntry("code", -32001);
    assertThat(reason(error)).isEqualTo("behavior_not_found");
    assertThat(rig.refused("agent.get", "agent_id", "b")).containsEntry("code", -32001);
  }

  @Test
  void anAgentThatExistsIsAConflict() {
    assertThat(rig.refused("agent.create", "agent_id", "A")).containsEntry("code", -32002);
  }

  @Test
  void anAgentIsRead() {
    rig.call("memory.put", "agent_id", "a", "key", "k", "value", List.of(1, "two"));
    Map<String, Object> agent = rig.call("agent.get", "agent_id", "a");
    assertThat(agent)
        .containsEntry("agent_name", "Ada")
        .containsEntry("status", "idle")
        .containsEntry("configuration", Map.of("x", 1))
        .containsEntry("working_memory", Map.of("k", List.of(1, "two")))
        .containsEntry("mail", Map.of("unread", 0, "pending_replies", 0))
        .containsEntry("error_count", 0);
    assertThat(object(agent.get("tasks")))
        .containsOnlyKeys("pending", "in_progress", "waiting", "completed", "failed");
    assertThat(Instant.parse((String) agent.get("created_at"))).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void anAgentIsUpdatedAndWhatIsNotNamedStays() {
    Map<String, Object> agent = rig.call("agent.update", "agent_id", "a", "behavior", "script");
    assertThat(agent).containsEntry("behavior", "script").containsEntry("agent_name", "Ada");
  }

  @Test
  void agentsAreListedByPages() {
    for (String id : List.of("c", "b", "d")) {
      rig.call("agent.create", "agent_id", id);
    }
    Map<String, Object> first = rig.call("agent.list", "limit", 3);
    assertThat(objects(first.get("agents")))
        .extracting(agent -> agent.get("agent_id"))
        .containsExactly("a", "b", "c");
    rig.call("agent.delete", "agent_id", "c");
    Map<String, Object> rest =
        rig.call("agent.list", "limit", 3, "cursor", first.get("next_cursor"));
    assertThat(objects(rest.get("agents")))
        .extracting(agent -> agent.get("agent_id"))
        .containsExactly("d");
    assertThat(rest).doesNotContainKey("next_cursor");
    assertThat(rig.refused("agent.list", "cursor", "?!")).containsEntry("code", -32602);
  }

  @Test
  void aListTellsOfSleepersUntilWhenTheySleep() {
    rig.call("agent.create", "agent_id", "b");
    Object sleep =
        rig.call("agent.sleep", "agent_id", "b", "duration_seconds", 3600, "reason", "night")
            .get("sleep");
    List<Map<String, Object>> agents = objects(rig.call("agent.list").get("agents"));
    assertThat(agents.getFirst()).doesNotContainKey("sleep");
    assertThat(agents.getLast()).containsEntry("sleep", sleep);
  }

  @Test
  void agentsAreListedByStatus() {
    rig.call("agent.create", "agent_id", "b", "auto_start", false);
    assertThat(objects(rig.call("agent.list", "status", "stopped").get("agents")))
        .extracting(agent -> agent.get("agent_id"))
        .containsExactly("b");
  }

  @Test
  void anAgentIsStoppedStartedAndDeleted() {
    assertThat(rig.call("agent.stop", "agent_id", "a")).containsEntry("status", "stopped");
    assertThat(rig.call("agent.start", "agent_id", "a")).containsEntry("status", "idle");
    assertThat(rig.call("agent.delete", "agent_id", "a")).isEqualTo(Map.of("deleted", true));
    assertThat(rig.refused("agent.get", "agent_id", "a")).containsEntry("code", -32001);
  }

  @Test
  void anAgentSleepsUntilItIsWoken() {
    Map<String, Object> asleep =
        rig.call(
            "agent.sleep",
            "agent_id",
            "a",
            "duration_seconds",
            3600.5,
            "wake_events",
            List.of("deploy"),
            "reason",
            "tired");
    assertThat(asleep).containsEntry("status", "sleeping");
    assertThat(object(asleep.get("sleep")))
        .containsEntry("wake_events", List.of("deploy"))
        .containsEntry("reason", "tired")
        .containsKeys("sleep_start", "wake_time");
    assertThat(rig.call("agent.wake", "agent_id", "a", "reason", "up"))
        .containsEntry("status", "idle")
        .doesNotContainKey("sleep");
  }

  @Test
  void aSleepHasOneEnd() {
    Map<String, Object> error =
        rig.refused(
            "agent.sleep", "agent_id", "a", "duration_seconds", 1, "until", "2027-01-01T00:00:00Z");
    assertThat(error).containsEntry("code", -32602);
  }

  @Test
  void aBroadcastWakesWhoWaitsForIt() {
    rig.call("agent.sleep", "agent_id", "a", "wake_events", List.of("deploy"));
    assertThat(rig.call("event.broadcast", "event", "deploy", "data", Map.of("n", 1)))
        .isEqualTo(Map.of("woken", 1, "agents", List.of("a")));
    assertThat(rig.refused("event.broadcast", "event", "manual_wake"))
        .containsEntry("code", -32602);
  }

  @Test
  void aTaskIsSubmittedAwaitedAndListed() {
    Map<String, Object> task =
        rig.call(
            "task.submit",
            "agent_id",
            "a",
            "prompt",
            "hello",
            "priority",
            "high",
            "retry",
            Map.of("max_attempts", 2));
    assertThat(task)
        .containsEntry("prompt", "hello")
        .containsEntry("type", "task")
        .containsEntry("priority", "high")
        .containsEntry("attempt", 1)
        .containsEntry("steps", List.of());
    Object id = task.get("task_id");
    assertThat(rig.call("task.await", "task_id", id, "timeout_seconds", 20))
        .containsEntry("status", "completed")
        .containsEntry("result", "hello");
    assertThat(rig.call("task.get", "task_id", id)).containsKeys("started_at", "finished_at");
    assertThat(objects(rig.call("task.list", "agent_id", "a").get("tasks"))).hasSize(1);
    assertThat(objects(rig.call("task.list", "status", "failed").get("tasks"))).isEmpty();
    assertThat(rig.refused("task.cancel", "task_id", id)).containsEntry("code", -32002);
  }

  @Test
  void aTaskThatHasNotBegunIsCancelled() {
    rig.call("agent.stop", "agent_id", "a");
    Object id = rig.call("task.submit", "agent_id", "a", "prompt", "p").get("task_id");
    assertThat(rig.call("task.cancel", "task_id", id, "reason", "enough"))
        .containsEntry("status", "cancelled");
  }

  @Test
  void aWaitIsNotLongerThanAMinute() {
    assertThat(rig.refused("task.await", "task_id", "x", "timeout_seconds", 61))
        .containsEntry("code", -32602);
    assertThat(rig.refused("mail.wait", "agent_id", "a", "timeout_seconds", 60.1))
        .containsEntry("code", -32602);
  }

  @Test
  void theHistoryIsReadFromAPlaceOrFromItsEnd() {
    for (int i = 0; i < 5; i++) {
      assertThat(rig.call("context.append", "agent_id", "a", "role", "user", "content", "m" + i))
          .isEqualTo(Map.of("index", i));
    }
    assertThat(contents("from", 1, "limit", 2)).containsExactly("m1", "m2");
    assertThat(contents("last", 2)).containsExactly("m3", "m4");
    assertThat(rig.call("context.history", "agent_id", "a", "last", 1)).containsEntry("total", 5);
    assertThat(rig.refused("context.history", "agent_id", "a", "last", 1, "from", 0))
        .containsEntry("code", -32602);
  }

  private List<Object> contents(Object first, Object... more) {
    Object[] params = new Object[more.length + 3];
    params[0] = "agent_id";
    params[1] = "a";
    params[2] = first;
    System.arraycopy(more, 0, params, 3, more.length);
    return objects(rig.call("context.history", params).get("messages")).stream()
        .map(message -> message.get("content"))
        .toList();
  }

  @Test
  void aMessageKeepsAllThatItWasSaidWith() {
    rig.call(
        "context.append",
        "agent_id",
        "a",
        "role",
        "assistant",
        "content",
        List.of(Map.of("type", "text", "text", "hi")),
        "tool_calls",
        List.of(Map.of("id", "c1")),
        "metadata",
        Map.of("k", 1));
    assertThat(objects(rig.call("context.history", "agent_id", "a").get("messages")).getFirst())
        .containsEntry("role", "assistant")
        .containsEntry("content", List.of(Map.of("type", "text", "text", "hi")))
        .containsEntry("tool_calls", List.of(Map.of("id", "c1")))
        .containsEntry("metadata", Map.of("k", 1));
  }

  @Test
  void memoryIsPutReadAndRemoved() {
    assertThat(rig.call("memory.put", "agent_id", "a", "key", "k", "value", 7))
        .isEqualTo(Map.of("key", "k", "value", 7));
    assertThat(rig.call("memory.get", "agent_id", "a", "key", "k")).containsEntry("value", 7);
    assertThat(rig.call("memory.remove", "agent_id", "a", "key", "k")).containsEntry("value", null);
    assertThat(rig.call("memory.get", "agent_id", "a", "key", "k")).containsEntry("value", null);
    assertThat(rig.refused("memory.put", "agent_id", "a", "key", "k"))
        .containsEntry("code", -32602);
  }

  @Test
  void statsCountAndTheRuntimeTellsOfItself() {
    Map<String, Object> stats = rig.call("state.stats");
    assertThat(object(stats.get("agents"))).containsEntry("idle", 1).containsEntry("stopped", 0);
    assertThat(stats)
        .containsKeys("entries", "appended", "durable", "journal_bytes")
        .containsEntry("last_checkpoint", null);
    Map<String, Object> info = rig.call("runtime.info");
    assertThat(info).containsEntry("store", "file").containsKeys("version", "node", "started_at");
    assertThat(object(info.get("recovery")))
        .containsKeys("agents", "tasks_resumed", "commits_replayed", "damaged", "took_seconds");
    assertThat(object(info.get("scrub"))).containsOnlyKeys("passes", "progress", "damaged");
  }

  @Test
  void aCleanUpSaysWhomItDeletedAndErasesWhatWasDeletedBefore() throws Exception {
    rig.call("agent.create", "agent_id", "b", "name", "Bartholomew");
    rig.call("state.checkpoint");
    rig.call("agent.delete", "agent_id", "b");
    assertThat(rig.call("state.clean_up", "max_age_seconds", 3600).get("removed"))
        .isEqualTo(List.of());
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith("LOCK")))
          .isNotEmpty()
          .allSatisfy(
              file -> assertThat(Files.readString(file, ISO_8859_1)).doesNotContain("Bartholomew"));
    }
    assertThat(rig.call("state.clean_up", "max_age_seconds", 0).get("removed"))
        .isEqualTo(List.of("a"));
    assertThat(rig.refused("agent.get", "agent_id", "a")).containsEntry("code", -32001);
    assertThat(rig.refused("state.clean_up")).containsEntry("code", -32602);
  }

  @Test
  void aCheckpointPutsAllIntoPacksAndStatsTellIt() {
    try (Torpor torpor =
        Torpor.at(folder.resolve("packed")).checkpointEvery(Duration.ofHours(1)).open()) {
      BuiltInBehaviors.register(torpor);
      Methods methods = Methods.of(torpor);
      methods.call("agent.create", Map.of("agent_id", "a", "behavior", "echo"));
      Map<?, ?> report = (Map<?, ?>) methods.call("state.checkpoint", Map.of());
      assertThat(report.keySet())
          .asString()
          .contains("packed", "packs", "pack_bytes", "twin_bytes", "took_seconds");
      await()
          .untilAsserted(
              () -> {
                Map<?, ?> info = (Map<?, ?>) methods.call("runtime.info", Map.of());
                assertThat((Map<?, ?>) info.get("scrub"))
                    .satisfies(scrub -> assertThat(scrub.get("passes")).isNotEqualTo(0L))
                    .satisfies(scrub -> assertThat(scrub.get("progress")).isEqualTo(1.0));
              });
      Map<?, ?> stats = (Map<?, ?>) methods.call("state.stats", Map.of());
      assertThat(stats.get("packed")).isEqualTo(stats.get("appended"));
      assertThat(stats.get("packs")).isEqualTo(1);
      Map<?, ?> last = (Map<?, ?>) stats.get("last_checkpoint");
      assertThat(last.get("seq")).isEqualTo(stats.get("packed"));
      assertThat(last.keySet()).asString().contains("entries", "at", "took_seconds");
    }
  }
}
