package dev.torpor.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.Torpor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent of which a part was lost, as clients see it. */
class DamagedAgentTest {
  @TempDir private Path folder;

  private Torpor open(Path state) {
    Torpor torpor = Torpor.at(state).checkpointEvery(Duration.ofHours(1)).open();
    BuiltInBehaviors.register(torpor);
    return torpor;
  }

  /** What a kill would leave of three agents, of which bob lost a commit that others follow. */
  private Path damaged() throws IOException {
    Path killed = folder.resolve("killed");
    Path state = folder.resolve("state");
    try (Torpor torpor = open(state)) {
      Methods methods = Methods.of(torpor);
      for (String id : List.of("alice", "bob", "carol")) {
        methods.call("agent.create", Map.of("agent_id", id));
        methods.call("memory.put", Map.of("agent_id", id, "key", "k", "value", "first " + id));
        methods.call("memory.put", Map.of("agent_id", id, "key", "k", "value", "second " + id));
      }
      for (String name : List.of("journal", "system")) {
        Files.createDirectories(killed.resolve(name));
        try (var files = Files.list(state.resolve(name))) {
          for (Path file : files.toList()) {
            Files.copy(file, killed.resolve(name).resolve(file.getFileName()));
          }
        }
      }
    }
    Path segment = killed.resolve("journal/0000000001.jsonl");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("first bob")] ^= 1;
    Files.write(segment, bytes);
    return killed;
  }

  @Test
  void itIsListedAndToldWithItsVersionsAndTheOthersGoOn() throws IOException {
    Torpor damaged = Torpor.at(damaged()).checkpointEvery(Duration.ofHours(1)).open();
    try (Rig rig = new Rig(damaged, ServerOptions.DEFAULT.port(0))) {
      Map<String, Object> error = rig.refused("agent.get", "agent_id", "bob");
      assertThat(error).containsEntry("code", -32006);
      assertThat(Rig.object(Rig.object(error.get("data")).get("versions")))
          .isEqualTo(Map.of("from", 2, "to", 2));
      for (String method : List.of("context.history", "task.list", "mail.check", "agent.wake")) {
        assertThat(rig.refused(method, "agent_id", "bob")).containsEntry("code", -32006);
      }
      assertThat(rig.call("agent.list", "status", "damaged").toString()).contains("bob");
      assertThat(rig.call("agent.get", "agent_id", "alice").toString()).contains("second alice");
      assertThat(rig.call("mail.send", "from", "alice", "to", "bob", "subject", "s", "body", "b"))
          .containsEntry("status", "unread");
      Object task = rig.call("task.submit", "agent_id", "bob", "prompt", "p").get("task_id");
      assertThat(rig.refused("task.get", "task_id", task)).containsEntry("code", -32006);
      Map<String, Object> recovery = Rig.object(rig.call("runtime.info").get("recovery"));
      assertThat(recovery.get("damaged").toString())
          .contains("sequence_numbers={from=", "agent=bob, versions={from=2, to=2}");
      assertThat(rig.call("agent.delete", "agent_id", "bob")).containsEntry("deleted", true);
      assertThat(rig.refused("agent.get", "agent_id", "bob")).containsEntry("code", -32001);
    }
  }
}
