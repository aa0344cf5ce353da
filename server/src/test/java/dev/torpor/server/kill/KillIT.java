package dev.torpor.server.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.luben.zstd.ZstdInputStream;
import dev.torpor.Torpor;
import dev.torpor.disk.Disk;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.file.document.DocumentReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the real server with SIGKILL at random moments while clients work it, and holds what they
 * were told against what it has. {@code -Dkills=1000} for more; the seed of a failing run is in its
 * message.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("kills", 50);

  /** What is compared at the end grows, so a folder sees so many kills and no more. */
  private static final int KILLS_A_FOLDER = 25;

  private static final int CLIENTS = 6;
  private static final int AGENTS = 3;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Upkeep upkeep = new Upkeep();

  /** The time that the build gives to a test is for a few kills; this one has its own. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.DAYS)
  void whatWasAcknowledgedIsThereOnceHoweverOftenTheServerIsKilled(@TempDir Path folder) {
    assertTimeoutPreemptively(
        Duration.ofMinutes(5).plusSeconds(20L * KILLS), () -> killAgainAndAgain(folder));
  }

  private void killAgainAndAgain(Path folder) throws Exception {
    int done = 0;
    while (done < KILLS) {
      int kills = Math.min(KILLS_A_FOLDER, KILLS - done);
      round(Files.createDirectory(folder.resolve("after-" + done)), kills);
      done += kills;
      System.out.printf(
          "killed %d of %d times, %s: nothing lost, nothing doubled%n", done, KILLS, upkeep);
    }
    if (KILLS >= KILLS_A_FOLDER) {
      assertThat(upkeep.checkpoints()).as("kills behind checkpoints").isGreaterThan(KILLS / 2);
      assertThat(upkeep.merges()).as("kills behind merges").isPositive();
      assertThat(upkeep.erasures()).as("kills behind erasures").isPositive();
    }
  }

  private void round(Path folder, int kills) throws Exception {
    try (ServerUnderFire server = new ServerUnderFire(folder)) {
      AtomicLong answers = new AtomicLong();
      Rpc rpc = new Rpc(server::url, answers);
      createAgents(rpc);
      upkeep.begin();
      List<Client> clients = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client(i, AGENTS, new Rpc(server::url, answers), seed);
        clients.add(client);
        threads.add(Thread.ofPlatform().start(client));
      }
      for (int kill = 0; kill < kills; kill++) {
        awaitKill(answers);
        server.kill();
        upkeep.look(server.state());
        server.restart();
      }
      clients.forEach(Client::stop);
      for (Thread thread : threads) {
        thread.join(TimeUnit.MINUTES.toMillis(2));
      }
      for (Client client : clients) {
        assertThat(client.failure).as("seed %d, see %s", seed, server.log()).isNull();
      }
      awaitTasks(rpc, clients);
      check(rpc, clients, server);
      rpc.call("state.clean_up", "max_age_seconds", Client.NOBODY_SECONDS);
      assertThat(server.stop()).as("SIGTERM ends well").isZero();
      checkFolder(server.state());
      assertThat(filesWith(server.state(), Client.FORGOTTEN)).isEmpty();
    }
  }

  /** The files that hold a text, twins decompressed. */
  private static List<Path> filesWith(Path state, String text) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (InputStream in = Files.newInputStream(file);
            InputStream plain = file.toString().endsWith(".zst") ? new ZstdInputStream(in) : in) {
          if (new String(plain.readAllBytes(), StandardCharsets.ISO_8859_1).contains(text)) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  /** At once after a start, or in the middle of work, however slow the machine is. */
  private void awaitKill(AtomicLong answers) throws InterruptedException {
    long enough = answers.get() + random.nextInt(200);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (answers.get() < enough && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(20)); // the moment of the kill is chance
  }

  private static void createAgents(Rpc rpc) throws InterruptedException {
    for (int i = 0; i < AGENTS; i++) {
      rpc.call("agent.create", "agent_id", "agent-" + i, "behavior", "echo");
      rpc.call("agent.create", "agent_id", "sleeper-" + i, "behavior", "echo");
      rpc.call("agent.create", "agent_id", "filer-" + i, "behavior", "filer");
    }
  }

  private static void awaitTasks(Rpc rpc, List<Client> clients) throws InterruptedException {
    for (Client client : clients) {
      for (String id : client.tasks) {
        JsonNode task = rpc.call("task.await", "task_id", id, "timeout_seconds", 60);
        assertThat(task.get("status").asString()).as("task %s", task).isEqualTo("completed");
        client.see(task);
      }
    }
  }

  private void check(Rpc rpc, List<Client> clients, ServerUnderFire server) throws Exception {
    Map<String, Integer> mail = count(rpc, "mail.list", "mail", "subject", "user");
    for (Client client : clients) {
      List<String> history = history(rpc, client.agent());
      for (int i = 0; i < client.messages.size(); i++) {
        assertThat(history.get(client.places.get(i).intValue())).isEqualTo(client.messages.get(i));
      }
      assertThat(history).doesNotHaveDuplicates();
      for (String subject : client.subjects) {
        assertThat(mail).containsEntry(subject, 1);
      }
      if (client.remembered > 0) {
        JsonNode value =
            rpc.call("memory.get", "agent_id", client.agent(), "key", client.memoryKey());
        assertThat(value.get("value").asInt()).isEqualTo(client.remembered);
      }
      for (String id : client.tasks) {
        String prompt = rpc.call("task.get", "task_id", id).get("prompt").asString();
        assertThat(mail).as("a turn's effects, once").containsEntry("did " + prompt, 1);
      }
    }
    checkSideEffects(clients, server.sideEffects());
  }

  /**
   * The last real run of each step is the one whose result is kept: none ran after it was finished.
   */
  private static void checkSideEffects(List<Client> clients, Path file) throws IOException {
    Map<String, String> lastRun = new HashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int end = line.lastIndexOf(' ');
        lastRun.put(line.substring(0, end), line.substring(end + 1));
      }
    }
    for (Client client : clients) {
      assertThat(lastRun).containsAllEntriesOf(client.stepsSeen);
    }
  }

  private static List<String> history(Rpc rpc, String agent) throws InterruptedException {
    List<String> contents = new ArrayList<>();
    while (true) {
      JsonNode page =
          rpc.call("context.history", "agent_id", agent, "from", contents.size(), "limit", 1000);
      page.get("messages").forEach(message -> contents.add(message.get("content").asString()));
      if (contents.size() >= page.get("total").asInt()) {
        return contents;
      }
    }
  }

  private static Map<String, Integer> count(
      Rpc rpc, String method, String list, String field, String agent) throws InterruptedException {
    Map<String, Integer> counts = new HashMap<>();
    String cursor = null;
    do {
      JsonNode page =
          cursor == null
              ? rpc.call(method, "agent_id", agent, "limit", 1000)
              : rpc.call(method, "agent_id", agent, "limit", 1000, "cursor", cursor);
      page.get(list).forEach(item -> counts.merge(item.get(field).asString(), 1, Integer::sum));
      JsonNode next = page.get("next_cursor");
      cursor = next == null ? null : next.asString();
    } while (cursor != null);
    return counts;
  }

  /** Opening folds every change again: versions are consecutive, and every invariant holds. */
  private static void checkFolder(Path state) throws IOException {
    try (Torpor torpor = Torpor.reading(state)) {
      assertThat(torpor.recovery().damaged()).isEmpty();
      assertThat(torpor.recovery().tornBytes()).as("a graceful stop leaves no torn tail").isZero();
      List<String> agents = new ArrayList<>(torpor.restoreAll());
      assertThat(agents).hasSize(3 * AGENTS);
      agents.add(Session.USER);
      for (String agent : agents) {
        checkDocuments(state, torpor.restore(agent));
      }
    }
  }

  /** However often it was killed, a graceful stop leaves documents that show all of it. */
  private static void checkDocuments(Path state, AgentSnapshot agent) throws IOException {
    Map<String, Object> shown = new HashMap<>();
    var metadata =
        new DocumentReader(Disk.real(), state, new JsonStateSerializer())
            .read(agent.session().agentId(), entry -> shown.put(entry.key(), entry.value()));
    assertThat(metadata.version()).isEqualTo(agent.session().version());
    List<Object> expected = new ArrayList<>(agent.memory());
    expected.add(agent.session());
    expected.addAll(agent.tasks());
    expected.addAll(agent.messages());
    expected.addAll(agent.received());
    expected.addAll(agent.sent());
    shown.values().removeIf(Step.class::isInstance);
    shown.values().removeIf(Sleep.class::isInstance);
    assertThat(shown.values()).containsExactlyInAnyOrderElementsOf(expected);
  }
}
