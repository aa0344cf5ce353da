package dev.torpor.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a person finds in the state folder of the real server, without any code of ours. */
class DocumentsIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;
  private ServerUnderFire server;
  private Rpc rpc;

  @BeforeEach
  void start() throws Exception {
    server = new ServerUnderFire(folder);
    rpc = new Rpc(server::url, new AtomicLong());
  }

  @AfterEach
  void end() {
    server.close();
  }

  private JsonNode document(String name) throws Exception {
    return JSON.readTree(Files.readAllBytes(server.state().resolve(name)));
  }

  private List<JsonNode> lines(String name) throws Exception {
    return Files.readAllLines(server.state().resolve(name)).stream().map(JSON::readTree).toList();
  }

  /** Waits for something about a second away. */
  private static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private boolean shows(String name, String text) throws Exception {
    Path file = server.state().resolve(name);
    return Files.exists(file) && Files.readString(file).contains(text);
  }

  @Test
  void documentsFollowTheServerAndAreCompleteAfterACheckpointAndAStop() throws Exception {
    rpc.call("agent.create", "agent_id", "alice", "name", "Alice");
    rpc.call("context.append", "agent_id", "alice", "role", "user", "content", "first");
    rpc.call("memory.put", "agent_id", "alice", "key", "files seen", "value", 15);
    rpc.call("mail.send", "from", "alice", "to", "user", "subject", "s", "body", "b");
    await(() -> shows("mail/alice_history.jsonl", "\"sent/"));
    await(() -> shows("system/inbox.json", "\"subject\": \"s\""));
    await(() -> document("agents/alice.json").path("working_memory").has("files seen"));
    assertThat(lines("context/alice.jsonl").get(1).at("/value/content").asString())
        .isEqualTo("first");

    rpc.call("agent.sleep", "agent_id", "alice", "duration_seconds", 3600, "reason", "tired");
    rpc.call("state.checkpoint");
    JsonNode alice = document("agents/alice.json");
    assertThat(alice.get("status").asString()).isEqualTo("sleeping");
    assertThat(alice.get("_version").asLong())
        .isEqualTo(rpc.call("agent.get", "agent_id", "alice").get("version").asLong());
    assertThat(document("sleep/alice_sleep.json").get("reason").asString()).isEqualTo("tired");
    assertThat(document("system/active_sessions.json").at("/agents/alice/status").asString())
        .isEqualTo("sleeping");
    JsonNode stats = rpc.call("state.stats");
    assertThat(stats.get("documents_waiting").asLong()).isZero();
    assertThat(stats.get("documents_lag_seconds").asDouble()).isZero();

    rpc.call("agent.create", "agent_id", "bob");
    rpc.call("context.append", "agent_id", "alice", "role", "user", "content", "second");
    server.killAndRestart();
    await(() -> shows("context/alice.jsonl", "second"));
    await(() -> shows("agents/bob.json", "\"agent_id\": \"bob\""));
    assertThat(lines("context/alice.jsonl")).hasSize(3);

    rpc.call("agent.delete", "agent_id", "bob");
    rpc.call("context.append", "agent_id", "alice", "role", "user", "content", "third");
    assertThat(server.stop()).isZero();
    assertThat(lines("context/alice.jsonl")).hasSize(4);
    assertThat(server.state().resolve("agents/bob.json")).doesNotExist();
    assertThat(document("system/deleted.json").get("agents").has("bob")).isTrue();
    assertThat(document("system/active_sessions.json").get("agents").has("bob")).isFalse();
    try (var files = Files.walk(server.state())) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.endsWith(".tmp"));
    }
  }
}
