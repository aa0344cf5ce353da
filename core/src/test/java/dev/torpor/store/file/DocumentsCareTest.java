package dev.torpor.store.file;

import static dev.torpor.store.file.DocumentedStore.open;
import static dev.torpor.store.file.DocumentedStore.read;
import static dev.torpor.store.file.DocumentedStore.repair;
import static dev.torpor.store.file.DocumentedStore.verify;
import static dev.torpor.store.file.StateFolder.flip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.rules.Request;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.CheckReport.Found;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents are held against the state, and projected again where they are damaged. */
class DocumentsCareTest {
  @TempDir private Path path;
  private DocumentedStore original;

  @BeforeEach
  void makeStore() {
    original = new DocumentedStore(path.resolve("state")).fill();
  }

  private Path file(String name) {
    return original.folder.path().resolve(name);
  }

  private static void assertClean(CheckReport report, String as) {
    assertThat(report.damaged()).as(as).isEmpty();
    assertThat(report.notes()).as(as).isEmpty();
  }

  private static void assertNames(CheckReport report, Path file, String as) {
    assertThat(report.damaged())
        .as(as)
        .extracting(found -> found.damage().file())
        .contains(file.toString());
    assertThat(report.damaged()).as(as).allMatch(Found::healable);
  }

  @Test
  void documentsOfAStoreThatWasClosedAreCompleteAndAllOfThemAreThere() throws IOException {
    assertThat(original.documents())
        .map(Path::toString)
        .contains(
            "agents/alice.json",
            "context/alice.jsonl",
            "mail/alice_history.jsonl",
            "mail/alice_mailbox.json",
            "sleep/alice_sleep.json",
            "system/active_sessions.json",
            "system/deleted.json",
            "system/documents.json",
            "system/events.jsonl",
            "system/inbox.json",
            "system/requests.jsonl",
            "tasks/alice_history.jsonl",
            "tasks/alice_tasks.json");
    assertClean(verify(original.folder), "closed");
    try (FileStore store = open(original.folder)) {
      assertClean(store.verify(StateValidator.INVARIANTS, CheckProgress.NONE), "open");
    }
  }

  @Test
  void whatIsDamagedIsNamedByVerifyAndProjectedAgainByTheScrub() throws IOException {
    TreeMap<String, Object> before = read(original.folder);
    for (Path name : original.documents()) {
      Path file = file(name.toString());
      byte[] good = Files.readAllBytes(file);
      flip(file, good.length / 2);
      heals(name, "changed", before);
      Files.write(file, Arrays.copyOf(good, good.length / 2));
      heals(name, "cut off", before);
      Files.delete(file);
      heals(name, "removed", before);
    }
    assertThat(file("quarantine")).doesNotExist();
  }

  private void heals(Path name, String how, TreeMap<String, Object> before) throws IOException {
    String as = name + " " + how;
    assertNames(verify(original.folder), name, as);
    try (FileStore store = open(original.folder)) {
      CheckReport open = store.verify(StateValidator.INVARIANTS, CheckProgress.NONE);
      assertNames(open, name, as);
      store.upkeep().scrub();
      assertThat(store.scrub().damaged()).as(as).allMatch(Damage::healed);
      assertThat(store.scrub().damaged()).as(as).extracting(Damage::file).contains(name.toString());
      assertClean(store.verify(StateValidator.INVARIANTS, CheckProgress.NONE), as);
      int found = store.scrub().damaged().size();
      store.upkeep().scrub();
      assertThat(store.scrub().damaged()).as(as).hasSize(found);
      store.documents().complete(); // or the next life does not know what this one left half done
    }
    assertClean(verify(original.folder), as);
    assertThat(read(original.folder)).as(as).isEqualTo(before);
  }

  @Test
  void aRepairProjectsThemAgainToo() throws IOException {
    flip(file("context/carl.jsonl"), 40);
    Files.delete(file("system/events.jsonl"));
    RepairReport report = repair(original.folder);
    assertThat(report.damaged())
        .extracting(Damage::file)
        .containsExactlyInAnyOrder("context/carl.jsonl", "system/events.jsonl");
    assertThat(report.isWhole()).isTrue();
    assertClean(verify(original.folder), "repaired");
  }

  @Test
  void whatIsOnlyBehindIsToldAndIsNoDamage() throws IOException {
    Path alice = file("agents/alice.json");
    byte[] old = Files.readAllBytes(alice);
    byte[] oldMailbox = Files.readAllBytes(file("mail/alice_mailbox.json"));
    try (FileStore store = open(original.folder)) {
      original.world.ask(new Request.PutMemory("alice", "newer", 1));
      original.commit(store);
    } // it was not begun, so nothing was projected
    CheckReport report = verify(original.folder);
    assertThat(report.isClean()).isTrue();
    assertThat(report.notes()).anyMatch(note -> note.contains("'alice' show version"));
    use(original.folder, store -> {});
    assertClean(verify(original.folder), "projected");
    Files.write(alice, old); // as after a power cut, which takes the last renaming away
    report = verify(original.folder);
    assertThat(report.isClean()).isTrue();
    assertThat(report.notes()).anyMatch(note -> note.contains("'alice' show version"));
    Files.delete(file("sleep/alice_sleep.json")); // cut off in the middle of a projection
    assertThat(verify(original.folder).isClean()).isTrue();
    try (FileStore store = open(original.folder)) {
      store.upkeep().scrub();
    }
    assertClean(verify(original.folder), "scrubbed");
    assertThat(Files.readAllBytes(file("mail/alice_mailbox.json"))).isEqualTo(oldMailbox);
  }

  private interface Use {
    void of(FileStore store);
  }

  private static void use(StateFolder folder, Use use) {
    try (FileStore store = DocumentedStore.open(folder)) {
      store.begin();
      use.of(store);
    }
  }

  @Test
  void whatIsForeignIsNamedAndGoesToQuarantine() throws IOException {
    Files.copy(file("context/alice.jsonl"), file("context/zoe.jsonl"));
    Files.copy(file("agents/alice.json"), file("agents/zoe.json"));
    Files.writeString(file("agents/notes.txt"), "mine");
    CheckReport report = verify(original.folder);
    assertThat(report.damaged())
        .extracting(found -> found.damage().file())
        .containsExactlyInAnyOrder("context/zoe.jsonl", "agents/zoe.json");
    assertThat(report.notes()).containsExactly("agents/notes.txt: it is no file of the store");
    try (FileStore store = open(original.folder)) {
      store.upkeep().scrub();
    }
    assertThat(file("quarantine/agents/zoe.json")).exists();
    assertThat(file("agents/notes.txt")).exists();
    assertThat(verify(original.folder).isClean()).isTrue();
  }

  @Test
  void anotherAgentsDocumentsInTheirPlaceAreFound() throws IOException {
    for (String kind : List.of("agents/%s.json", "context/%s.jsonl", "tasks/%s_tasks.json")) {
      Path alice = file(kind.formatted("alice"));
      byte[] good = Files.readAllBytes(alice);
      Files.write(alice, Files.readAllBytes(file(kind.formatted("carl"))));
      CheckReport report = verify(original.folder);
      assertThat(report.damaged()).as(kind).isNotEmpty().allMatch(Found::healable);
      Files.write(alice, good);
    }
    assertClean(verify(original.folder), "as before");
  }

  @Test
  void whatADeletionLeftIsToldAndTakenAway() throws IOException {
    byte[] bytes = Files.readAllBytes(file("context/alice.jsonl"));
    Files.write(file("context/bob.jsonl"), bytes);
    CheckReport report = verify(original.folder);
    assertThat(report.isClean()).isTrue();
    assertThat(report.notes())
        .containsExactly("context/bob.jsonl: there is no agent 'bob' any more");
    try (FileStore store = open(original.folder)) {
      store.upkeep().scrub();
      store.checkpoint();
    }
    assertThat(file("context/bob.jsonl")).doesNotExist();
    assertClean(verify(original.folder), "taken away");
  }

  @Test
  void documentsThatShowMoreThanTheStateAreALossThatNothingHeals() throws IOException {
    StateFolder before = original.folder.copy(path.resolve("before"));
    use(
        original.folder,
        store -> {
          original.world.ask(new Request.PutMemory("alice", "newer", 1));
          original.commit(store);
        });
    Files.copy(
        file("agents/alice.json"),
        before.path().resolve("agents/alice.json"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(verify(before).damaged()).extracting(Found::healable).containsExactly(false);
    byte[] last = Files.readAllBytes(before.path().resolve("agents/alice.json"));
    try (FileStore store = open(before)) {
      store.upkeep().scrub();
      assertThat(store.scrub().damaged()).extracting(Damage::healed).containsExactly(false);
    }
    assertThat(before.path().resolve("agents/alice.json"))
        .as("all that is left of what was lost")
        .hasBinaryContent(last);
  }

  @Test
  void withoutDocumentsNothingIsSaidOfThem() throws IOException {
    for (Path name : original.documents()) {
      Files.delete(file(name.toString()));
    }
    assertClean(verify(original.folder), "none");
  }

  @Test
  void whatDocumentsShowedWasDurableAndIsNoTornTail() throws IOException {
    StateFolder folder = new StateFolder(path.resolve("killed"));
    StateFolder killed;
    try (FileStore store =
        FileStore.open(
            Disk.real(),
            folder.path(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            StateFolder.NO_MARKS,
            DocumentedStore.HOURLY,
            DocumentedStore.EAGER)) {
      StateFolder.commit(store, StateFolder.created("alice"));
      StateFolder.commit(store, StateFolder.appended("alice", 2, 0, "seen by people"));
      store.documents().complete();
      killed = folder.copyAlive(path.resolve("copy"));
    }
    killed.flip(1, "seen by people");
    CheckReport report = verify(killed);
    assertThat(report.damaged())
        .extracting(found -> found.damage().sequenceNumbers())
        .contains(new Range(2, 2L));
    try (FileStore store = open(killed)) {
      assertThat(store.recovery().damaged()).anyMatch(damage -> "alice".equals(damage.agent()));
    }
  }
}
