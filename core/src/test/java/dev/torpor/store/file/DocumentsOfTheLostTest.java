package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Keys;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing else says any more whose commits were lost, documents that show them do. */
class DocumentsOfTheLostTest {
  @TempDir private Path path;
  private StateFolder killed;

  /** Alice and bob have a message each, in the journal alone, and carl came last. */
  @BeforeEach
  void makeAgents() throws Exception {
    DocumentedStore documented = new DocumentedStore(path.resolve("state"));
    try (FileStore store = DocumentedStore.open(documented.folder)) {
      documented.world.create("alice", "bob");
      documented.world.ask(new Request.AppendMessage("alice", Message.user("to alice")));
      documented.world.ask(new Request.AppendMessage("bob", Message.user("to bob")));
      documented.world.create("carl");
      documented.commit(store);
      store.begin();
      store.documents().complete();
      killed = documented.folder.copyAlive(path.resolve("killed"));
    }
  }

  private static Session session(FileStore store, String agent) {
    return (Session) LoadingSource.of(store).get(Keys.session(agent)).value();
  }

  private static List<Damage> of(FileStore store, String agent) {
    return store.recovery().damaged().stream()
        .filter(damage -> agent.equals(damage.agent()))
        .toList();
  }

  @Test
  void whoLostOneIsNamedAndItsDocumentsBringItBack() throws Exception {
    killed.blank(1, "to bob");
    try (FileStore store = DocumentedStore.open(killed)) {
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "bob").version()).isEqualTo(3);
      assertThat(of(store, "bob"))
          .singleElement()
          .satisfies(damage -> assertThat(damage.versions()).isEqualTo(new Range(2, 2L)));
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      store.begin();
      store.documents().complete();
    }
    assertThat(Files.readString(killed.path().resolve("context/bob.jsonl"))).contains("to bob");
    assertThat(repair("bob")).containsExactly("bob");
    try (Torpor torpor = Torpor.at(killed.path()).open()) {
      assertThat(torpor.messages("bob", 0, 10)).hasSize(1);
    }
    assertThat(DocumentedStore.verify(killed).damaged()).isEmpty();
  }

  private List<String> repair(String agent) {
    return Torpor.at(killed.path()).repair(CheckProgress.NONE, List.of(agent)).restored();
  }

  @Test
  void oneThatCameWithALostCommitIsThereAndDamaged() throws Exception {
    killed.blank(1, "\"agent\":\"carl\"");
    try (FileStore store = DocumentedStore.open(killed)) {
      assertThat(session(store, "carl").status()).isEqualTo(AgentStatus.DAMAGED);
    }
    assertThat(repair("carl")).containsExactly("carl");
  }

  @Test
  void oneOfWhichOnlyALostPackKnewIsThereAndDamagedWhicheverManifestsThereAre() throws Exception {
    try (FileStore store = DocumentedStore.open(killed)) {
      store.checkpoint();
      StateFolder.commit(store, StateFolder.created("zoe"));
      store.checkpoint();
    }
    for (String name : List.of("packs/0000000001.jsonl", "mirror/0000000001.jsonl.zst")) {
      Files.delete(killed.path().resolve(name));
    }
    StateFolder without = killed.copy(path.resolve("without"));
    Files.delete(without.main());
    Files.delete(without.backup());
    for (StateFolder folder : List.of(killed, without)) {
      try (FileStore store = DocumentedStore.open(folder)) {
        assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.DAMAGED);
      }
      assertThat(Torpor.at(folder.path()).repairFromDocuments(CheckProgress.NONE).restored())
          .contains("alice", "bob", "carl");
      try (Torpor torpor = Torpor.at(folder.path()).open()) {
        assertThat(torpor.messages("bob", 0, 10)).hasSize(1);
      }
    }
  }

  @Test
  void documentsOfNobodyOrOfOtherCommitsNameNobody() throws Exception {
    Path agents = killed.path().resolve("agents");
    String carl = Files.readString(agents.resolve("carl.json"));
    Files.writeString(agents.resolve("dora.json"), carl);
    Files.writeString(agents.resolve("no id~.json"), carl);
    forge(agents.resolve("alice.json"), "\"_version\": 2", "\"_version\": 5");
    killed.blank(1, "to bob");
    try (FileStore store = DocumentedStore.open(killed)) {
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(LoadingSource.of(store).get(Keys.session("dora"))).isNull();
    }
  }

  @Test
  void thoseOfAnotherStoreNameNobody() throws Exception {
    String store = Files.readString(killed.main()).replaceAll("(?s).*\"store\":\"([^\"]+).*", "$1");
    forge(killed.path().resolve("system/documents.json"), store, store.replace('-', '0'));
    killed.blank(1, "to bob");
    try (FileStore opened = DocumentedStore.open(killed)) {
      assertThat(session(opened, "bob").status()).isEqualTo(AgentStatus.IDLE);
    }
  }

  /** Changes a document, with a checksum that is right. */
  private static void forge(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    String covered = text.substring(text.indexOf(',') + 1, text.length() - 1).replace(from, to);
    Files.writeString(
        file, "{\"_checksum\":\"" + StateFolder.checksum(covered) + "\"," + covered + "\n");
  }
}
