package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.AT;
import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.flip;
import static dev.torpor.store.file.StateFolder.line;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Change;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.Sleep;
import dev.torpor.state.Stamp;
import dev.torpor.state.TaskSpec;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.CheckReport.Found;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification finds in a folder that nobody serves, and in one that is open. */
class VerifyTest {
  private static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1));

  @TempDir private Path path;
  private StateFolder folder;

  @BeforeEach
  void makeFolder() {
    makeFolder(path.resolve("state"));
  }

  private void makeFolder(Path place) {
    folder = new StateFolder(place);
  }

  private FileStore open() {
    return FileStore.open(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        HOURLY);
  }

  private CheckReport verify() {
    return verify(StateValidator.INVARIANTS, CheckProgress.NONE);
  }

  private CheckReport verify(StateValidator validator, CheckProgress progress) {
    return FileStore.verify(
        new FaultyDisk(
            (operation, file) -> {
              if (!file.equals(folder.path())) {
                throw new AssertionError("a verification writes: " + operation + " " + file);
              }
            }),
        folder.path(),
        new JsonStateSerializer(),
        validator,
        Clock.systemUTC(),
        progress);
  }

  /** Two packs, and a journal behind them. */
  private static void fill(FileStore store) {
    commit(store, created("alice"), created("bob"), created("carol"));
    commit(store, new Change.TaskSubmitted("alice", 2, "t1", TaskSpec.of("one")));
    store.checkpoint();
    commit(
        store,
        new Change.FellAsleep(
            "bob", 2, new Sleep(AT, AT.plusSeconds(9), List.of("spring"), null, false, 3)));
    commit(store, new Change.AgentDeleted("carol", 2));
    store.checkpoint();
    commit(store, new Change.TaskCancelled("alice", 3, "t1", null));
    commit(store, appended("alice", 4, 0));
    store.awaitDurable(commit(store, created("carol2")));
  }

  private static List<String> whats(CheckReport report) {
    return report.damaged().stream().map(found -> found.damage().what()).toList();
  }

  @Test
  void aWholeFolderIsCleanAndNothingIsWritten() throws IOException {
    try (FileStore store = open()) {
      fill(store);
    }
    Map<String, String> before = folder.bytes();
    List<Long> told = new ArrayList<>();
    CheckReport report =
        verify(
            StateValidator.INVARIANTS,
            (what, done, total) -> {
              told.add(done);
              assertThat(done).isLessThanOrEqualTo(total);
            });
    assertThat(whats(report)).isEmpty();
    assertThat(report.notes()).isEmpty();
    assertThat(report.agents()).isEqualTo(3);
    assertThat(report.entries()).isEqualTo(19);
    assertThat(told).isSorted().last().isEqualTo(report.bytes());
    assertThat(folder.bytes()).isEqualTo(before);
    open().close();
  }

  @Test
  void anOpenStoreIsCleanToo() {
    try (FileStore store = open()) {
      fill(store);
      CheckReport report = store.verify(StateValidator.INVARIANTS, CheckProgress.NONE);
      assertThat(whats(report)).isEmpty();
      assertThat(report.agents()).isEqualTo(3);
      assertThat(report.notes()).isEmpty();
    }
  }

  @Test
  void damageIsFoundInAnOpenStoreAndLeftAsItIs() throws IOException {
    for (double part : new double[] {0.3, 0.99}) {
      makeFolder(path.resolve("state" + part));
      try (FileStore store = open()) {
        await().until(() -> store.stats().journalSegments() == 3); // or it writes manifests later
        fill(store);
        Path pack = folder.path().resolve("packs/0000000002.jsonl");
        flip(pack, (int) (Files.size(pack) * part));
        flip(folder.segment(1), 3);
        flip(folder.main(), 20);
        Map<String, String> before = folder.bytes();
        CheckReport report = store.verify(StateValidator.INVARIANTS, CheckProgress.NONE);
        assertThat(report.damaged()).extracting(Found::healable).containsOnly(true);
        assertThat(report.damaged())
            .extracting(found -> found.damage().file())
            .containsOnly(
                "packs/0000000002.jsonl", "journal/0000000001.jsonl", "system/metadata.json");
        assertThat(folder.bytes()).isEqualTo(before);
      }
    }
  }

  @Test
  void anOpenStoreIsCleanWhileItIsWrittenPackedAndMerged() {
    try (FileStore store =
        FileStore.open(
            Disk.real(),
            folder.path(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            SMALL,
            new PackOptions(Duration.ofMillis(3), 32 << 10, 1 << 20))) {
      store.begin();
      commit(store, created("alice"));
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                      store.awaitDurable(commit(store, appended("alice", i + 2L, i)));
                    }
                  });
      try {
        for (int i = 0; i < 40; i++) {
          CheckReport report = store.verify(StateValidator.INVARIANTS, CheckProgress.NONE);
          assertThat(whats(report)).isEmpty();
          assertThat(report.notes()).isEmpty();
        }
      } finally {
        writer.interrupt();
        join(writer);
      }
    }
    assertThat(whats(verify())).isEmpty();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anyByteThatChangesIsFoundInAClosedFolder() throws IOException {
    try (FileStore store = open()) {
      fill(store);
    }
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      int end =
          new String(good, java.nio.charset.StandardCharsets.ISO_8859_1).stripTrailing().length();
      boolean isJournal = file.getParent().endsWith("journal");
      int step = isJournal ? 11 : 5;
      // Of the end of a journal, a mark may be the last line: without it, it is a torn tail.
      int mark = isJournal ? lastLine(good, end) : end;
      for (int at = 0; at < (isJournal ? end : good.length); at += step) {
        flip(file, at);
        CheckReport report = verify();
        assertThat(report.isClean())
            .as("%s at %d: %s", file, at, report)
            .isEqualTo(at >= mark && isJournal);
        assertThat(report.isClean() && report.notes().isEmpty()).isFalse();
        flip(file, at);
      }
    }
    assertThat(verify().isClean()).isTrue();
  }

  private static int lastLine(byte[] bytes, int end) {
    int at = end - 1;
    while (at > 0 && bytes[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  @Test
  void anyFileThatIsGoneOrCutOffIsFoundInAClosedFolder() throws IOException {
    try (FileStore store = open()) {
      fill(store);
    }
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      Files.delete(file);
      assertThat(verify().isClean()).as("without %s", file).isFalse();
      int step = file.getParent().endsWith("journal") ? 1013 : 37;
      for (int length = 0; length < good.length; length += step) {
        Files.write(file, Arrays.copyOf(good, length));
        assertThat(verify().isClean()).as("%s of %d bytes", file, length).isFalse();
      }
      if (!file.getParent().endsWith("journal")) { // a segment's size is known, and no more is read
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        assertThat(verify().isClean()).as("%s with more", file).isFalse();
      }
      Files.write(file, good);
    }
    assertThat(verify().isClean()).isTrue();
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(folder.path())) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith("LOCK"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aTwinOfAnotherPackIsFoundEvenIfItIsWhole() throws IOException {
    try (FileStore store = open()) {
      fill(store);
    }
    Path first = folder.path().resolve("mirror/0000000001.jsonl.zst");
    Path second = folder.path().resolve("mirror/0000000002.jsonl.zst");
    byte[] bytes = Files.readAllBytes(first);
    Files.write(first, Files.readAllBytes(second));
    Files.write(second, bytes);
    CheckReport report = verify();
    assertThat(report.damaged()).extracting(Found::healable).containsOnly(true);
    assertThat(report.damaged())
        .extracting(found -> found.damage().file())
        .contains("mirror/0000000001.jsonl.zst", "mirror/0000000002.jsonl.zst");
  }

  @Test
  void bothManifestsGoneIsDamageThatPacksAndSegmentsHeal() throws IOException {
    folder.with(2);
    Files.delete(folder.main());
    Files.write(folder.backup(), new byte[10]);
    assertThat(verify().damaged()).extracting(Found::healable).containsExactly(true);
  }

  @Test
  void whatAgentsLostIsToldByVersionOrBySequenceNumber() throws IOException {
    try (FileStore store = folder.open()) {
      commit(store, created("alice")); // 1
      commit(store, created("bob")); // 2
      commit(store, appended("alice", 2, 0, "lost in the middle")); // 3
      commit(store, appended("bob", 2, 0, "goes on")); // 4
      commit(store, appended("alice", 3, 1, "follows")); // 5
    }
    folder.flip(1, "lost in the middle");
    CheckReport report = verify();
    assertThat(report.damaged())
        .extracting(Found::damage)
        .anySatisfy(
            damage -> {
              assertThat(damage.file()).isEqualTo("journal/0000000001.jsonl");
              assertThat(damage.sequenceNumbers()).isEqualTo(new Range(3, 3L));
              assertThat(damage.agent()).isNull();
            })
        .anySatisfy(
            damage -> {
              assertThat(damage.agent()).isEqualTo("alice");
              assertThat(damage.versions()).isEqualTo(new Range(2, 2L));
            })
        .noneSatisfy(damage -> assertThat(damage.agent()).isEqualTo("bob"));
  }

  @Test
  void aCommitThatCannotBeUnderstoodOrDoesNotFitIsDamage() throws IOException {
    folder.with(1);
    folder.addBehind(1, line(3, "[17]"));
    assertThat(whats(verify())).anyMatch(what -> what.startsWith("commit 3 cannot be understood"));
    folder.addBehind(1, line(4, "[{\"type\":\"broadcast_ended\",\"broadcast\":4}]"));
    folder.addBehind(
        1, line(5, "[{\"type\":\"broadcast_delivered\",\"broadcast\":4,\"woken\":[]}]"));
    assertThat(whats(verify())).anyMatch(what -> what.startsWith("commit 5 does not fit"));
  }

  @Test
  void whatTheValidatorObjectsToIsDamageOfItsAgent() {
    folder.with(1);
    CheckReport report = verify(agent -> List.of("is too old"), CheckProgress.NONE);
    assertThat(report.damaged())
        .extracting(Found::damage)
        .extracting(damage -> damage.agent() + " " + damage.what())
        .containsExactly("alice is too old");
  }

  /** As a fault of ours would write it: the checksums are good, and what they cover is not. */
  @Test
  void indexesThatDoNotAgreeWithWhatTheyIndexAreFound() {
    try (FileStore store = open()) {
      fill(store);
      List<EntryWrite> writes =
          List.of(
              new EntryWrite.Remove(Keys.id("alice")),
              new EntryWrite.Put(
                  "~task/t9", 0, "alice"), // as one that was left, and is passed over
              new EntryWrite.Put("~tasks/pending/t1", 0, "alice"),
              new EntryWrite.Put("~due/2026-11-24T12:00:00.123456Z/bob/sleep/-", 0, ""),
              new EntryWrite.Put("~id/bob", 0, "BOB"),
              new EntryWrite.Put("alice/memory/m", 99, new dev.torpor.state.MemoryItem("m", 1)),
              new EntryWrite.Put("nobody/memory/m", 1, new dev.torpor.state.MemoryItem("m", 1)));
      long seq = store.appended() + 1;
      store.commit(store.owned(), new Commit(new Stamp(seq, AT), List.of(), writes));
      store.checkpoint();
    }
    assertThat(whats(verify()))
        .containsExactlyInAnyOrder(
            "'alice/memory/m' is of version 99, and its agent of 4",
            "agent 'nobody' has entries and no session",
            "the index entry '~id/alice' of 'alice/session' is missing",
            "the index entry '~id/bob' of 'bob/session' says something else",
            "the index entry '~id/bob' follows from nothing",
            "the index entry '~tasks/pending/t1' follows from nothing",
            "the index entry '~due/2026-11-24T12:00:00.123456Z/bob/sleep/-' follows from nothing");
  }

  @Test
  void aTornTailAndStrayFilesAreToldAndNoDamage() throws IOException {
    try (FileStore store = open()) {
      fill(store);
    }
    folder.addBehind(1, "{\"crc\":\"half");
    Files.createFile(folder.path().resolve("packs/0000000009.jsonl.tmp"));
    Files.createFile(folder.path().resolve("journal/notes.txt"));
    Files.createFile(folder.path().resolve("journal/0000000099.jsonl"));
    CheckReport report = verify();
    assertThat(report.isClean()).isTrue();
    assertThat(report.notes())
        .anyMatch(note -> note.contains("bytes at the end of the journal were never acknowledged"))
        .anyMatch(note -> note.startsWith("packs/0000000009.jsonl.tmp is left over"))
        .anyMatch(note -> note.startsWith("journal/0000000099.jsonl is left over"))
        .anyMatch(note -> note.startsWith("journal/notes.txt is no file of the store"));
  }

  @Test
  void aPlaceWithoutAStoreIsRefusedAndNothingIsMade() throws IOException {
    refused(Reason.UNUSABLE, this::verify);
    assertThat(folder.path()).doesNotExist();
    Files.createDirectories(folder.path());
    refused(Reason.UNUSABLE, this::verify);
    assertThat(folder.path()).isEmptyDirectory();
  }

  @Test
  void aFolderThatIsHeldIsRefused() {
    try (FileStore store = open()) {
      store.servedAt("http://127.0.0.1:7070");
      assertThat(refused(Reason.LOCKED, this::verify))
          .hasMessageContaining("the server http://127.0.0.1:7070");
    }
  }
}
