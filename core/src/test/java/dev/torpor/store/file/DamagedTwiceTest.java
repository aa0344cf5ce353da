package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.Torpor;
import dev.torpor.rules.DeliveryRules;
import dev.torpor.rules.ImportRules;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.state.Change;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.RepairReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that was damaged, came back from its documents, and is damaged once more. */
class DamagedTwiceTest {
  @TempDir private Path path;
  private DocumentedStore documented;
  private FileStore store;
  private Session session;
  private List<ImportedEntry> saved;

  /** Alice has a message, was damaged, and is as she was then. */
  @BeforeEach
  void makeAlice() {
    documented = new DocumentedStore(path.resolve("state"));
    store = DocumentedStore.open(documented.folder);
    documented.world.create("alice", "bob");
    documented.world.ask(new Request.AppendMessage("alice", Message.user("hello")));
    session = documented.world.agent("alice").session();
    saved = new ArrayList<>();
    documented
        .world
        .table
        .scan("alice/")
        .forEachRemaining(e -> saved.add(new ImportedEntry(e.key(), e.version(), e.value())));
    saved.removeIf(entry -> entry.value() instanceof Session);
    damage();
  }

  private void damage() {
    decide(new Change.AgentDamaged("alice", version() + 1, 2, 2L, "a test did it"));
  }

  private long version() {
    return documented.world.agent("alice").version();
  }

  private void decide(Change... changes) {
    documented.world.decide(
        draft -> {
          List.of(changes).forEach(draft::emit);
          return true;
        });
  }

  private void restore() {
    documented.world.decide(
        draft -> {
          ImportRules.beginRestore(draft, "alice", saved);
          ImportRules.add(draft, "alice", saved);
          ImportRules.end(draft, session, ImportRules.lastVersion(draft, "alice"));
          return true;
        });
    documented.world.decide(draft -> DeliveryRules.take(draft, "alice"));
  }

  /** What a kill leaves behind that commits, with documents that are complete. */
  private StateFolder killed() throws Exception {
    documented.commit(store);
    store.begin();
    store.documents().complete();
    StateFolder killed = documented.folder.copyAlive(path.resolve("killed"));
    store.close();
    return killed;
  }

  private static RepairReport repair(StateFolder folder) {
    return Torpor.at(folder.path()).repair(CheckProgress.NONE, List.of("alice"));
  }

  @Test
  void whatItHadTakenIsNotTakenAgain() throws Exception {
    Mail mail =
        documented
            .world
            .ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b")))
            .mail()
            .getFirst();
    Task task = documented.world.ask(new Request.SubmitTask("alice", TaskSpec.of("once")));
    documented.commit(store);
    store.checkpoint();
    restore();
    documented.world.finish(documented.world.start("alice"));
    StateFolder killed = killed();
    killed.flip(1, "\"type\":\"delivery_taken\"");
    RepairReport report = repair(killed);
    assertThat(report.restored()).containsExactly("alice");
    assertThat(report.after().isClean()).as("%s", report).isTrue();
    try (Torpor torpor = Torpor.at(killed.path()).open()) {
      assertThat(torpor.unreadMail("alice", 10))
          .extracting(Mail::messageId)
          .containsExactly(mail.messageId());
      assertThat(torpor.task(task.taskId()).status()).isEqualTo(TaskStatus.COMPLETED);
    }
    assertThat(DocumentedStore.verify(killed).damaged()).isEmpty();
  }

  @Test
  void theVersionThatDocumentsShowIsNotGivenToAnotherChange() throws Exception {
    restore();
    StateFolder old = documented.folder;
    documented.commit(store);
    store.begin();
    store.documents().complete();
    StateFolder killed = old.copyAlive(path.resolve("old"));
    long before = version();
    documented.world.ask(new Request.AppendMessage("alice", Message.user("newer")));
    documented.world.ask(new Request.AppendMessage("alice", Message.user("newest")));
    StateFolder newer = killed();
    for (String name : List.of("agents/alice.json", "context/alice.jsonl")) {
      Files.copy(
          newer.path().resolve(name),
          killed.path().resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileStore again = DocumentedStore.open(killed)) {
      StateFolder.commit(
          again, new Change.AgentDamaged("alice", before + 1, before, before, "a test did it"));
    }
    repair(killed);
    try (Torpor torpor = Torpor.at(killed.path()).open()) {
      assertThat(torpor.messages("alice", 0, 10)).hasSize(3);
      assertThat(torpor.restore("alice").session().version()).isEqualTo(before + 3);
    }
  }
}
