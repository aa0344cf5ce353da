package dev.torpor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.TaskSpec;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.RepairReport;
import dev.torpor.store.SavedAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that lost something for good come back from their documents, if these are good enough. */
class RestoreTest {
  @TempDir private Path path;

  private Path state() {
    return path.resolve("state");
  }

  private Torpor open() {
    return Torpor.at(state()).open();
  }

  private static void echo(Torpor torpor) {
    torpor.behavior("echo", turn -> turn.append(Message.assistant(turn.task().prompt())));
  }

  private static void say(Torpor torpor, String agent, String text) {
    Agent said = torpor.agent(agent, AgentSpec.of("echo"));
    said.await(said.submit(text).taskId(), Duration.ofSeconds(20));
  }

  private static List<Object> said(Torpor torpor, String agent) {
    return torpor.messages(agent, 0, 10).stream().map(Message::content).toList();
  }

  /** Alice and bob, with a task done each; the store is closed. */
  private void fill() {
    try (Torpor torpor = open()) {
      echo(torpor);
      for (String id : List.of("alice", "bob")) {
        say(torpor, id, "say it");
        torpor.agent(id).remember("files", 17);
      }
    }
  }

  /** Changes a byte of alice's message in the pack that has it, and all of its twin. */
  private void damage(String key) throws IOException {
    boolean any = false;
    try (var packs = Files.list(state().resolve("packs"))) {
      for (Path pack : packs.toList()) {
        String text = Files.readString(pack, ISO_8859_1);
        int at = text.indexOf("\"key\":\"" + key + "\"");
        if (at >= 0) {
          byte[] bytes = Files.readAllBytes(pack);
          bytes[text.indexOf("\"value\"", at) + 15] ^= 1;
          Files.write(pack, bytes);
          Path twin = state().resolve("mirror/" + pack.getFileName() + ".zst");
          Files.write(twin, new byte[(int) Files.size(twin)]);
          any = true;
        }
      }
    }
    assertThat(any).as(key).isTrue();
  }

  private RepairReport repair(String... fromDocuments) {
    return Torpor.at(state()).repair(CheckProgress.NONE, List.of(fromDocuments));
  }

  private CheckReport verify() {
    return Torpor.at(state()).verify(CheckProgress.NONE);
  }

  private SavedAgent only(RepairReport report) {
    assertThat(report.after().saved()).hasSize(1);
    return report.after().saved().getFirst();
  }

  private static void copyDocuments(Path from, Path to) throws IOException {
    for (String name :
        List.of(
            "agents/alice.json",
            "context/alice.jsonl",
            "tasks/alice_history.jsonl",
            "tasks/alice_tasks.json")) {
      Files.createDirectories(to.resolve(name).getParent());
      Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  void aDamagedAgentComesBackFromItsDocumentsAndTakesWhatCameToIt() throws Exception {
    fill();
    damage("alice/message/0000000000");
    RepairReport first = repair();
    assertThat(first.isWhole()).isFalse();
    assertThat(only(first).agent()).isEqualTo("alice");
    assertThat(only(first).serves()).isTrue();
    assertThat(verify().saved()).extracting(SavedAgent::serves).containsExactly(true);
    String task;
    try (Torpor torpor = open()) {
      echo(torpor);
      task = torpor.agent("bob").mail("alice", "s", "b").messageId();
      torpor.perform(new Request.SubmitTask("alice", TaskSpec.of("what came later")), Terms.NONE);
      TorporException refusal =
          catchThrowableOfType(TorporException.class, () -> torpor.memory("alice", "files"));
      assertThat(refusal.kind()).isEqualTo(TorporException.Kind.DAMAGED);
    }
    RepairReport second = repair("alice");
    assertThat(second.restored()).containsExactly("alice");
    assertThat(second.isWhole()).isTrue();
    assertThat(second.after().saved()).isEmpty();
    try (Torpor torpor = open()) {
      echo(torpor);
      await().until(() -> said(torpor, "alice").size() == 2);
      assertThat(said(torpor, "alice")).containsExactly("say it", "what came later");
      assertThat(torpor.memory("alice", "files")).isEqualTo(17);
      assertThat(torpor.unreadMail("alice", 10)).extracting(Mail::messageId).containsExactly(task);
      assertThat(said(torpor, "bob")).containsExactly("say it");
    }
    assertThat(verify().damaged()).isEmpty();
    assertThat(verify().notes()).isEmpty();
  }

  @Test
  void oneWhoseSessionIsLostTwiceComesBackToo() throws Exception {
    assertComesBackBehind("alice/session", "alice/session");
  }

  @Test
  void oneOfWhichItIsLostWhatItLostComesBackToo() throws Exception {
    assertComesBackBehind("alice/session", "alice/loss");
  }

  @Test
  void oneOfWhichLaterItsSessionIsLostTooComesBackToo() throws Exception {
    assertComesBackBehind("alice/message/0000000000", "alice/session");
  }

  private void assertComesBackBehind(String first, String second) throws Exception {
    fill();
    damage(first);
    assertThat(only(repair()).serves()).isTrue();
    damage(second);
    assertThat(repair("alice").restored()).containsExactly("alice");
    try (Torpor torpor = open()) {
      assertThat(said(torpor, "alice")).containsExactly("say it");
      assertThat(torpor.memory("alice", "files")).isEqualTo(17);
    }
    assertThat(verify().damaged()).isEmpty();
  }

  @Test
  void aServerBringsThemBackToo() throws Exception {
    fill();
    damage("alice/memory/files");
    assertThat(repair().isWhole()).isFalse();
    try (Torpor torpor = open()) {
      echo(torpor);
      torpor.agent("bob").mail("alice", "s", "b");
      refused(torpor, "bob", "not_damaged");
      refused(torpor, "nobody", "agent_not_found");
      RepairReport report = torpor.repair(CheckProgress.NONE, List.of("alice"));
      assertThat(report.isWhole()).isTrue();
      assertThat(torpor.memory("alice", "files")).isEqualTo(17);
      assertThat(torpor.unreadMail("alice", 10)).hasSize(1);
      refused(torpor, "alice", "not_damaged");
      say(torpor, "alice", "and on");
      torpor.checkpoint();
      CheckReport after = torpor.verify(CheckProgress.NONE);
      assertThat(after.damaged()).isEmpty();
      assertThat(after.notes()).isEmpty();
    }
  }

  @Test
  void allComeBackWhoseDocumentsServe() throws Exception {
    fill();
    damage("alice/memory/files");
    damage("bob/memory/files");
    Files.delete(state().resolve("agents/bob.json"));
    RepairReport report = Torpor.at(state()).repairFromDocuments(CheckProgress.NONE);
    assertThat(report.restored()).containsExactly("alice");
    assertThat(only(report).agent()).isEqualTo("bob");
    assertThat(only(report).refusal()).isEqualTo("it has no documents");
  }

  private static void refused(Torpor torpor, String agent, String reason) {
    TorporException refusal =
        catchThrowableOfType(
            TorporException.class, () -> torpor.repair(CheckProgress.NONE, List.of(agent)));
    assertThat(refusal).as(agent).isNotNull();
    assertThat(refusal.reason()).isEqualTo(reason);
  }

  private void assertDoNotServe(String why) {
    assertThat(only(repair()).refusal()).contains(why);
    TorporException refusal = catchThrowableOfType(TorporException.class, () -> repair("alice"));
    assertThat(refusal.reason()).isEqualTo("no_documents");
    assertThat(refusal).hasMessageContaining(why);
    assertThat(verify().saved()).hasSize(1);
  }

  @Test
  void documentsOlderThanWhatCanBeReadDoNotComeBack() throws Exception {
    fill();
    copyDocuments(state(), path.resolve("old"));
    try (Torpor torpor = open()) {
      torpor.agent("alice").remember("files", 18);
    }
    copyDocuments(path.resolve("old"), state());
    damage("alice/message/0000000000");
    assertDoNotServe("and it was at");
  }

  @Test
  void documentsOfAnEarlierLifeDoNotComeBack() throws Exception {
    fill();
    copyDocuments(state(), path.resolve("old"));
    try (Torpor torpor = open()) {
      echo(torpor);
      torpor.agent("alice").delete();
      say(torpor, "alice", "born again");
    }
    copyDocuments(path.resolve("old"), state());
    damage("alice/message/0000000000");
    assertDoNotServe("and it was at");
  }

  @Test
  void documentsThatAreNotWholeDoNotComeBack() throws Exception {
    fill();
    Files.delete(state().resolve("context/alice.jsonl"));
    damage("alice/message/0000000000");
    assertDoNotServe("it is missing");
  }

  @Test
  void anAgentWithoutDocumentsStaysDamaged() throws Exception {
    fill();
    Files.delete(state().resolve("agents/alice.json"));
    damage("alice/message/0000000000");
    assertDoNotServe("it has no documents");
  }

  @Test
  void oneThatIsTooLargeForACommitComesBackAsAWhole() throws Exception {
    fill();
    try (Torpor torpor = open()) {
      for (int i = 0; i < 5; i++) {
        torpor.agent("alice").append(Message.user("x".repeat(900_000) + i));
      }
    }
    damage("alice/message/0000000000");
    assertThat(repair("alice").restored()).containsExactly("alice");
    try (Torpor torpor = open()) {
      assertThat(said(torpor, "alice")).hasSize(6).last().asString().endsWith("x4");
    }
    assertThat(verify().damaged()).isEmpty();
    assertThat(verify().notes()).isEmpty();
  }
}
