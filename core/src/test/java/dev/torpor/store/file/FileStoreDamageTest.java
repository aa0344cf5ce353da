package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.line;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.Disk;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an opening says of places, and of journals that are not as they were. */
class FileStoreDamageTest {

  private static final String LARGE = "x".repeat(7000);

  private StateFolder folder;

  @BeforeEach
  void makeStore(@TempDir Path path) {
    folder = new StateFolder(path.resolve("state")).with(4);
  }

  @Test
  void aFileIsNoPlaceForAStore(@TempDir Path path) throws IOException {
    Path file = Files.writeString(path.resolve("notes.txt"), "mine");
    assertThat(refused(Reason.UNUSABLE, () -> new StateFolder(file).open()))
        .hasMessageContaining("is a file; name a folder");
    refused(Reason.UNUSABLE, () -> new StateFolder(file.resolve("below")).open());
    assertThat(file).hasContent("mine");
  }

  @Test
  void aJournalWithoutAnyManifestIsDamage() throws IOException {
    Files.delete(folder.main());
    Files.delete(folder.backup());
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void anEmptyJournalFolderWithoutAManifestIsANewStore(@TempDir Path path) throws IOException {
    Files.createDirectories(path.resolve("journal"));
    new StateFolder(path).open().close();
  }

  @Test
  void aChangedCommitIsNamedWithSegmentAndNumbersAndNothingIsChanged() throws IOException {
    folder.flip(1, "message 1");
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("0000000001.jsonl at byte ")
        .hasMessageContaining("commits 3 to 3 are lost; nothing was changed");
  }

  @Test
  void severalDamagedPlacesAreAllNamed() throws IOException {
    folder.flip(1, "message 0");
    folder.flip(1, "message 2");
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("commits 2 to 2 are lost; 0000000001.jsonl at byte ")
        .hasMessageContaining("commits 4 to 4 are lost");
  }

  @Test
  void aMissingSegmentAndOneThatWasCutOffAreDamageWithAnUnknownEnd() throws IOException {
    byte[] good = Files.readAllBytes(folder.segment(1));
    Files.delete(folder.segment(1));
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("0000000001.jsonl at byte 0: the segment is missing")
        .hasMessageContaining("commits 1 to an unknown end are lost");
    Files.write(folder.segment(1), java.util.Arrays.copyOf(good, 700));
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void aDamagedHeaderLosesNothingAndIsReported() throws IOException {
    folder.flip(1, "\"segment\":1");
    try (FileStore store = folder.open()) {
      assertThat(store.appended()).isEqualTo(5);
      assertThat(store.recovery().damaged())
          .singleElement()
          .satisfies(
              damage -> {
                assertThat(damage.file()).isEqualTo("journal/0000000001.jsonl");
                assertThat(damage.what()).contains("no commit is lost");
                assertThat(damage.healed()).isFalse();
                assertThat(damage.agent()).isNull();
              });
    }
  }

  @Test
  void aTornTailAboveTheMarkIsDroppedAndReported() throws IOException {
    String torn = line(6, "[]").replace("12:00", "13:00");
    folder.addBehind(1, torn);
    try (FileStore store = folder.open()) {
      assertThat(store.appended()).isEqualTo(5);
      assertThat(store.recovery().tornBytes()).isEqualTo(torn.length());
      assertThat(store.recovery().commitsReplayed()).isEqualTo(5);
      assertThat(store.recovery().agents()).isEqualTo(1);
      assertThat(store.recovery().damaged()).isEmpty();
      StateFolder.commit(store, StateFolder.appended("alice", 6, 4, "new"));
    }
    try (FileStore store = folder.open()) {
      assertThat(store.appended()).isEqualTo(6);
      assertThat(store.recovery().tornBytes()).isZero();
    }
  }

  @Test
  void leftoversAndBlankSegmentsAreClearedAwayAndReported() throws IOException {
    Files.createFile(folder.path().resolve("journal/0000000077.jsonl.tmp"));
    Files.createFile(folder.path().resolve("journal/notes.txt"));
    try (FileStore store = folder.open()) {
      assertThat(store.recovery().removed()).contains("journal/0000000077.jsonl.tmp");
      for (String file : store.recovery().removed()) {
        assertThat(folder.path().resolve(file)).doesNotExist();
      }
      assertThat(folder.path().resolve("journal/notes.txt")).exists();
    }
  }

  /**
   * As from a copy that was made earlier: all that it names is there, and more that must not go.
   */
  @Test
  void manifestsOlderThanTheJournalAreDamageAndNoSegmentIsRemoved() throws IOException {
    byte[] old;
    long last = 0;
    try (FileStore store = folder.open()) {
      await().until(() -> store.stats().journalSegments() >= 4);
      old = Files.readAllBytes(folder.main());
      for (int i = 0; i < 8; i++) {
        last = StateFolder.commit(store, StateFolder.appended("alice", 6L + i, 4L + i, LARGE));
      }
    }
    Files.write(folder.main(), old);
    Files.write(folder.backup(), old);
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining(" to %d are lost".formatted(last));
  }

  @Test
  void whatIsWrongWithTheMailboxForPeopleIsDamageToo() throws IOException {
    folder.addBehind(
        1,
        line(
            6,
            "[{\"type\":\"agent_created\",\"agent\":\"user\",\"version\":1,\"name\":\"user\","
                + "\"behavior\":\"none\",\"configuration\":{},\"tool_sets\":[],\"metadata\":{},"
                + "\"started\":false}]"));
    refused(
        Reason.DAMAGED,
        () ->
            folder.open(
                Disk.real(),
                new JsonStateSerializer(),
                agent ->
                    agent.session().agentId().equals("user") ? List.of("it is bad") : List.of(),
                SMALL));
    try (FileStore store = folder.open()) {
      assertThat(store.recovery().agents()).as("who is no person").isEqualTo(1);
    }
  }

  /** Each has a good checksum: somebody wrote it on purpose, or a fault of ours did. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"type\":\"agent_started\",\"agent\":\"alice\",\"version\":8}]",
        "[{\"type\":\"agent_started\",\"agent\":\"nobody\",\"version\":1}]",
        "[{\"type\":\"turn_started\",\"agent\":\"alice\",\"version\":6,\"task_id\":\"none\"}]",
        "[{\"type\":\"task_submitted\",\"agent\":\"alice\",\"version\":6,\"task_id\":\"t\"}]",
        "[{\"type\":\"message_appended\",\"agent\":\"alice\",\"version\":6}]",
        "[{\"type\":\"broadcast_delivered\",\"broadcast\":4,\"woken\":[]}]",
        "[{\"type\":\"invented_later\",\"agent\":\"alice\",\"version\":6}]",
        "[{\"agent\":\"alice\",\"version\":6}]",
        "[17]",
        "[null]",
        "{}",
        "17",
        "[}",
        "[{]}",
        "[\"open"
      })
  void aCommitThatDoesNotFitTheStateIsDamage(String changes) throws IOException {
    folder.addBehind(1, line(6, changes));
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("commit 6 does not fit the state");
  }

  @Test
  void fieldsThatALaterVersionAddsToALineArePassedOver() throws IOException {
    folder.addBehind(1, line(6, "[],\"more\":{\"changes\":[1,[2]]}"));
    try (FileStore store = folder.open()) {
      assertThat(store.appended()).isEqualTo(6);
    }
  }

  @Test
  void anAgentThatTheValidatorObjectsToIsDamage() throws IOException {
    Map<String, String> before = folder.bytes();
    StoreException refusal =
        refused(
            Reason.DAMAGED,
            () ->
                folder.open(
                    Disk.real(),
                    new JsonStateSerializer(),
                    agent -> List.of("alice is too old", "alice is too loud"),
                    SMALL));
    assertThat(refusal).hasMessageContaining("alice is too old; alice is too loud");
    assertThat(folder.bytes()).isEqualTo(before);
  }
}
