package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.store.file.document.Comparison.Fault;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are whole and of the right version, and show something else than the entries. */
class DriftedDocumentsTest {
  private static final String OTHER = "it does not show what is so";

  @TempDir private Path path;
  private DocumentsRig rig;
  private Task task;

  @BeforeEach
  void makeAgents() throws IOException {
    rig = new DocumentsRig(path.resolve("state"));
    rig.world.create("alice", "bob");
    rig.world.ask(new Request.PutMemory("alice", "colour", "blue"));
    rig.world.ask(new Request.AppendMessage("alice", Message.user("one")));
    rig.world.ask(new Request.AppendMessage("alice", Message.user("two")));
    rig.world.submit("alice");
    task = rig.world.start("alice");
    rig.world.step(task, "s", 1);
    rig.world.finish(task);
    rig.world.ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b")));
    rig.world.ask(
        new Request.PutToSleep(
            "bob", new SleepDraft(Duration.ofHours(1), null, List.of("go"), null, false)));
    rig.complete();
  }

  private Object value(String key) {
    return Objects.requireNonNull(rig.world.table.get(key)).value();
  }

  /** Changes an entry beneath the documents, as no commit does. */
  private void put(String key, Object value) {
    Entry session = Objects.requireNonNull(rig.world.table.get(Keys.session("alice")));
    rig.world.table.apply(
        List.of(new EntryWrite.Put(key, session.version(), value)), session.seq());
  }

  private void drop(String key) {
    rig.world.table.apply(List.of(new EntryWrite.Remove(key)), rig.world.seq());
  }

  private void assertDamaged(String agent, Fault... faults) throws IOException {
    assertThat(rig.documents.compare(agent))
        .isEqualTo(new Comparison(Result.DAMAGED, List.of(faults)));
  }

  @Test
  void aValueThatIsAnotherIsFound() throws Exception {
    put(Keys.memory("alice", "colour"), new MemoryItem("colour", "red"));
    assertDamaged("alice", new Fault("agents/alice.json", OTHER));
  }

  @Test
  void aMessageThatIsAnotherOrGoneOrNewIsFound() throws Exception {
    Object first = value(Keys.message("alice", 0));
    Object second = value(Keys.message("alice", 1));
    Fault fault = new Fault("context/alice.jsonl", OTHER);
    put(Keys.message("alice", 2), second);
    assertDamaged("alice", fault);
    drop(Keys.message("alice", 2));
    drop(Keys.message("alice", 1));
    assertDamaged("alice", fault);
    put(Keys.message("alice", 1), first);
    assertDamaged("alice", fault);
  }

  @Test
  void aStepOfAFinishedTaskThatIsAnotherIsFound() throws Exception {
    put(Keys.step("alice", task.taskId(), 1), new Step("s", 2, rig.world.now));
    assertDamaged("alice", new Fault("tasks/alice_history.jsonl", OTHER));
  }

  @Test
  void aDocumentOfWhatIsNotAndWhatHasNoneAreFound() throws Exception {
    Object sleep = value(Keys.sleep("bob"));
    drop(Keys.sleep("bob"));
    assertDamaged("bob", new Fault("sleep/bob_sleep.json", "there is nothing to show"));
    put(Keys.sleep("alice"), sleep);
    assertDamaged("alice", new Fault("sleep/alice_sleep.json", "it was not made"));
  }

  @Test
  void aDocumentThatTheAgentsOwnDoesNotNameIsFoundAndTakenAway() throws Exception {
    Path left = rig.folder.resolve("sleep/alice_sleep.json");
    Files.copy(rig.folder.resolve("sleep/bob_sleep.json"), left);
    Fault fault = new Fault("sleep/alice_sleep.json", "the agent's own document does not name it");
    assertDamaged("alice", fault);
    List<String> found = new ArrayList<>();
    rig.documents
        .healing()
        .run(_ -> {}, Files::delete, (what, agent, healed) -> found.add(what + agent + healed));
    assertThat(found).containsExactly(fault + "alicetrue");
    assertThat(left).doesNotExist();
    assertThat(rig.documents.compare("alice").result()).isEqualTo(Result.EQUAL);
  }

  @Test
  void documentsOfOneWhoIsGoneAreStale() throws Exception {
    rig.world.ask(new Request.DeleteAgent("alice"));
    assertThat(rig.documents.compare("alice"))
        .isEqualTo(
            Comparison.of(
                Result.STALE,
                new Fault("agents/alice.json", "there is no agent 'alice' any more")));
  }

  @Test
  void documentsOfADamagedAgentStayWhateverTheyShow() throws Exception {
    Session before = (Session) value(Keys.session("alice"));
    rig.world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("alice", before.version() + 1, 1, null, "a test"));
          return true;
        });
    Session damaged = (Session) value(Keys.session("alice"));
    assertThat(damaged.status()).isEqualTo(AgentStatus.DAMAGED);
    assertThat(rig.documents.compare("alice").result()).isEqualTo(Result.STALE);
    long shown = new AgentFiles(rig.disk, rig.folder).set("alice").seq();
    rig.world.table.apply(
        List.of(new EntryWrite.Put(Keys.session("alice"), damaged.version(), damaged)), shown);
    assertThat(rig.documents.compare("alice").result()).isEqualTo(Result.STALE);
  }

  @Test
  void messagesThatAreLostBeneathTheDocumentsAreDroppedFromThemOnceTheyAreMadeAgain()
      throws Exception {
    rig.validator = agent -> List.of();
    rig.restart();
    drop(Keys.message("alice", 1));
    rig.documents.again("alice");
    rig.complete();
    assertThat(rig.text("context/alice.jsonl")).hasLineCount(2);
    assertThat(rig.documents.compare("alice").result()).isEqualTo(Result.EQUAL);
  }

  @Test
  void anIndexThatLeadsNowhereIsAFailureAndTheDocumentStays() throws Exception {
    rig.validator = agent -> List.of();
    rig.restart();
    String mailbox = rig.text("mail/alice_mailbox.json");
    drop(rig.world.table.scan(Keys.mail("alice")).next().key());
    rig.documents.again("alice");
    assertThatThrownBy(() -> rig.complete())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("an index leads to alice/mail/");
    assertThat(rig.text("mail/alice_mailbox.json")).isEqualTo(mailbox);
  }
}
