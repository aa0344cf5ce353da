package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Request;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.World;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import of which a portion is lost in the journal: whoever it brought is named. */
class LostPortionTest {
  @TempDir private Path path;
  private StateFolder folder;
  private Session session;
  private final List<ImportedEntry> messages = new ArrayList<>();

  @BeforeEach
  void makeAlice() {
    folder = new StateFolder(path.resolve("state"));
    World world = new World();
    world.create("alice");
    for (String text : List.of("first", "second", "third")) {
      world.ask(new Request.AppendMessage("alice", Message.user(text + " of all")));
    }
    session = world.agent("alice").session();
    for (int i = 0; i < 3; i++) {
      Entry entry = world.table.get(Keys.message("alice", i));
      messages.add(new ImportedEntry(entry.key(), entry.version(), entry.value()));
    }
  }

  private Change portion(int number) {
    return new Change.EntriesImported("alice", number, List.of(messages.get(number - 1)));
  }

  /** A message a portion, and bob beside them. */
  private void imported(boolean ends) {
    try (FileStore store = DocumentedStore.open(folder)) {
      commit(store, StateFolder.created("bob"));
      commit(store, new Change.ImportBegun("alice"), portion(1));
      commit(store, portion(2));
      commit(store, portion(3));
      if (ends) {
        commit(store, new Change.AgentImported("alice", session.version(), 3, session));
        commit(
            store,
            StateFolder.appended("alice", session.version() + 1, 3, "behind the import, of her"));
      }
    }
  }

  private void assertNamed(String lost) throws IOException {
    imported(true);
    folder.blank(1, lost);
    try (FileStore store = DocumentedStore.open(folder)) {
      Session alice = (Session) LoadingSource.of(store).get(Keys.session("alice")).value();
      assertThat(alice.status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(alice.version()).isEqualTo(session.version() + 2);
      assertThat(LoadingSource.of(store).get(Keys.importing("alice"))).isNull();
      assertThat(store.recovery().damaged().stream().filter(d -> "alice".equals(d.agent())))
          .extracting(Damage::versions)
          .containsExactly(new Range(1, session.version()));
      Session bob = (Session) LoadingSource.of(store).get(Keys.session("bob")).value();
      assertThat(bob.status()).isEqualTo(AgentStatus.IDLE);
    }
    assertThat(folder.path().resolve("quarantine/agents/alice_journal.jsonl"))
        .content()
        .contains("agent_imported", "behind the import");
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
  }

  @Test
  void aLostPortionInTheMiddleNamesItsAgent() throws IOException {
    assertNamed("second of all");
  }

  @Test
  void soDoesTheLastOne() throws IOException {
    assertNamed("third of all");
  }

  @Test
  void soDoesTheFirstOne() throws IOException {
    assertNamed("first of all");
  }

  @Test
  void ofAnImportThatDidNotEndNothingIsLost() throws IOException {
    imported(false);
    folder.blank(1, "second of all");
    try (FileStore store = DocumentedStore.open(folder)) {
      assertThat(LoadingSource.of(store).get(Keys.session("alice"))).isNull();
      assertThat(store.recovery().damaged()).hasSize(1);
    }
  }

  @Test
  void oneThatBeganAnewIsWhole() throws IOException {
    imported(false);
    try (FileStore store = DocumentedStore.open(folder)) {
      commit(store, new Change.ImportDropped("alice"));
      commit(store, new Change.ImportBegun("alice"), portion(1), portion(2), portion(3));
      commit(store, new Change.AgentImported("alice", session.version(), 3, session));
    }
    folder.blank(1, "second of all");
    try (FileStore store = DocumentedStore.open(folder)) {
      Session alice = (Session) LoadingSource.of(store).get(Keys.session("alice")).value();
      assertThat(alice.status()).isEqualTo(AgentStatus.IDLE);
    }
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
  }
}
