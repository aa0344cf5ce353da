package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.WakeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thirteen cases of the logbook that this project grew from, by what they say. */
class SeedTest {
  @TempDir private Path folder;

  private AgentSnapshot made(Torpor torpor) {
    Agent agent =
        torpor.agent(
            "alice_123",
            AgentSpec.of("none")
                .name("Alice")
                .configuration(Map.of("model", "m", "temperature", 0.5))
                .toolSets(List.of("files"))
                .metadata(Map.of("team", "review")));
    agent.submit(TaskSpec.of("review").payload(Map.of("file", "Journal.java")));
    agent.append(Message.user("hello"));
    agent.remember("files_seen", 15);
    agent.mail("user", "s", "b");
    return torpor.save("alice_123");
  }

  @Test
  void savesTheStateOfAnAgentSession() {
    try (Torpor torpor = Torpor.open(folder)) {
      AgentSnapshot saved = made(torpor);
      assertThat(saved.session().agentName()).isEqualTo("Alice");
      assertThat(saved.messages()).hasSize(1);
      assertThat(saved.tasks()).hasSize(1);
      assertThat(torpor.durable()).isGreaterThanOrEqualTo(saved.session().version());
    }
  }

  @Test
  void loadsTheStateOfAnAgentSession() {
    try (Torpor torpor = Torpor.open(folder)) {
      made(torpor);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      AgentSnapshot restored = torpor.restore("alice_123");
      assertThat(restored.session().configuration())
          .isEqualTo(Map.of("model", "m", "temperature", 0.5));
      assertThat(restored.session().toolSets()).containsExactly("files");
      assertThat(restored.session().metadata()).isEqualTo(Map.of("team", "review"));
    }
  }

  @Test
  void aSavedAgentIsRestoredEqual() {
    AgentSnapshot saved;
    try (Torpor torpor = Torpor.open(folder)) {
      saved = made(torpor);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.restore("alice_123")).isEqualTo(saved);
    }
  }

  @Test
  void keepsTheQueueOfTasksPendingInProgressAndCompleted() {
    try (Torpor torpor = Folders.quick(folder).open()) {
      Agent agent = torpor.agent("a", AgentSpec.of("echo"));
      Folders.await(torpor, agent.submit("one"));
      agent.stop();
      agent.submit("two");
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.restore("a").tasks())
          .extracting(Task::prompt, Task::status)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("one", TaskStatus.COMPLETED),
              org.assertj.core.groups.Tuple.tuple("two", TaskStatus.PENDING));
    }
  }

  @Test
  void keepsASleepItsEventsAndItsTimes() {
    AgentSnapshot saved;
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("none"));
      SleepDraft sleep =
          new SleepDraft(Duration.ofHours(1), null, List.of("go", "mail_received"), "tired", true);
      torpor.perform(new Request.PutToSleep("a", sleep), Terms.NONE);
      saved = torpor.save("a");
      assertThat(saved.sleep().reason()).isEqualTo("tired");
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.restore("a")).isEqualTo(saved);
      assertThat(torpor.broadcast("go", null, Terms.NONE).agents()).containsExactly("a");
    }
  }

  @Test
  void damagedFilesAreToldByNameAndKeptAndTheirAgentsAreNeverNotFound() throws Exception {
    AgentSnapshot saved;
    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      saved = made(torpor);
    }
    Path pack;
    try (var files = Files.walk(folder)) {
      pack =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().contains("packs"))
              .filter(SeedTest::saysAlice)
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(pack);
    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("Alice");
    bytes[at] = 'B';
    Files.write(pack, bytes);
    Path twin = folder.resolve("mirror").resolve(pack.getFileName() + ".zst");
    byte[] good = Files.readAllBytes(twin);
    Files.write(twin, Arrays.copyOf(good, good.length / 2));
    byte[] half = Files.readAllBytes(twin);

    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      assertThat(torpor.recovery().damaged())
          .anyMatch(damage -> damage.file().equals("packs/" + pack.getFileName()));
      assertThatThrownBy(() -> torpor.restore(saved.session().agentId()))
          .isInstanceOfSatisfying(
              TorporException.class,
              e -> assertThat(e.kind()).isEqualTo(TorporException.Kind.DAMAGED));
    }
    Path quarantine = folder.resolve("quarantine");
    assertThat(quarantine.resolve("packs").resolve(pack.getFileName())).hasBinaryContent(bytes);
    assertThat(quarantine.resolve("mirror").resolve(twin.getFileName())).hasBinaryContent(half);
  }

  private static boolean saysAlice(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1).contains("Alice");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void stateThatBreaksItsRulesIsToldOnSaveAndOnRestore() {
    try (Torpor torpor =
        Torpor.at(folder)
            .validator(agent -> agent.memory().isEmpty() ? List.of() : List.of("no memory here"))
            .open()) {
      Agent agent = torpor.agent("a", AgentSpec.of("none"));
      torpor.save("a");
      agent.remember("k", 1);
      for (var action :
          List.<Runnable>of(
              () -> torpor.save("a"),
              () -> torpor.restore("a"),
              torpor::saveAll,
              torpor::restoreAll)) {
        assertThatThrownBy(action::run)
            .isInstanceOfSatisfying(
                TorporException.class,
                e -> assertThat(e.kind()).isEqualTo(TorporException.Kind.DAMAGED))
            .hasMessageContaining("no memory here");
      }
    }
  }

  @Test
  void anAgentThatWasNeverSavedIsNotFound() {
    try (Torpor torpor = Torpor.open(folder.resolve("new/one"))) {
      assertThat(torpor.restoreAll()).isEmpty();
      for (var action :
          List.<Runnable>of(
              () -> torpor.restore("nobody"),
              () -> torpor.save("nobody"),
              () -> torpor.agent("nobody"))) {
        assertThatThrownBy(action::run)
            .isInstanceOfSatisfying(
                TorporException.class, e -> assertThat(e.reason()).isEqualTo("agent_not_found"));
      }
      assertThat(torpor.find("nobody")).isEmpty();
    }
  }

  @Test
  void aPlaceThatCannotBeUsedIsAClearError() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    for (Path place : List.of(file, file.resolve("below"))) {
      assertThatThrownBy(() -> Torpor.open(place))
          .isInstanceOf(TorporException.class)
          .hasMessageContaining(place.toString());
    }
  }

  @Test
  void aFolderThatIsHeldIsAClearErrorAndFreeAfterClose() {
    try (Torpor torpor = Torpor.open(folder)) {
      assertThatThrownBy(() -> Torpor.open(folder))
          .isInstanceOf(TorporException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("held by");
      torpor.agent("a", AgentSpec.of("none"));
    }
    Torpor torpor = Torpor.open(folder);
    torpor.close();
    torpor.close();
  }

  @Test
  void savesAndRestoresWithoutWaiting() {
    try (Torpor torpor = Torpor.open(folder)) {
      AgentSnapshot saved = made(torpor);
      assertThat(torpor.saveAsync("alice_123").join()).isEqualTo(saved);
      assertThat(torpor.restoreAsync("alice_123").join()).isEqualTo(saved);
      assertThat(torpor.saveAllAsync().join()).isEqualTo(1);
      assertThat(torpor.restoreAllAsync().join()).containsExactly("alice_123");
      assertThat(torpor.cleanUpAsync(Duration.ofDays(1)).join()).isEmpty();
      assertThatThrownBy(() -> torpor.saveAsync("nobody").join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(TorporException.class);
    }
  }

  @Test
  void savesAndRestoresAll() {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("b", AgentSpec.of("none"));
      torpor.agent("a", AgentSpec.of("none"));
      assertThat(torpor.saveAll()).isEqualTo(2);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.restoreAll()).containsExactly("a", "b");
      assertThat(torpor.recovery().agents()).isEqualTo(2);
    }
  }

  @Test
  void oldStateIsCleanedUpByItsAgeAndOnlyWhereNothingIsLeftToDo() {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("old", AgentSpec.of("none"));
      torpor.agent("busy", AgentSpec.of("none")).submit("p");
      torpor.agent("asleep", AgentSpec.of("none")).sleep(Duration.ofDays(9), WakeEvent.of("e"));
      assertThat(torpor.cleanUp(Duration.ofHours(1))).isEmpty();
    }
    try (Torpor torpor = Torpor.at(folder).clock(Folders.ahead(Duration.ofHours(2))).open()) {
      torpor.agent("new", AgentSpec.of("none"));
      assertThat(torpor.cleanUp(Duration.ofHours(1))).containsExactly("old");
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.restoreAll()).containsExactly("asleep", "busy", "new");
    }
  }

  @Test
  void anAgentIsNotRestoredDuringItsTurn() throws Exception {
    var begun = new java.util.concurrent.CountDownLatch(1);
    var end = new java.util.concurrent.CountDownLatch(1);
    try (Torpor torpor = Folders.quick(folder).open()) {
      torpor.behavior(
          "slow",
          turn -> {
            begun.countDown();
            end.await();
          });
      Task task = torpor.agent("a", AgentSpec.of("slow")).submit("p");
      begun.await();
      assertThatThrownBy(() -> torpor.restore("a"))
          .isInstanceOfSatisfying(
              TorporException.class, e -> assertThat(e.reason()).isEqualTo("agent_active"));
      torpor.save("a");
      end.countDown();
      Folders.await(torpor, task);
      assertThat(torpor.restore("a").session().status()).isEqualTo(AgentStatus.IDLE);
    }
  }
}
