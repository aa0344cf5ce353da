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

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Loss;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.TaskSpec;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has no second copy: the store opens, who lost something is damaged, the others go on. */
class DamagedStartTest {
  private static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1));

  @TempDir private Path path;
  private StateFolder folder;
  private int copies;

  @BeforeEach
  void makeFolder() {
    folder = new StateFolder(path.resolve("state"));
  }

  private FileStore open() {
    return open(folder, Disk.real());
  }

  private static FileStore open(StateFolder folder, Disk disk) {
    return FileStore.open(
        disk,
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        HOURLY);
  }

  private static CheckReport verify(StateFolder folder) {
    return FileStore.verify(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        CheckProgress.NONE);
  }

  /** Six commits in the journal alone: alice has 1, 3, 5 and bob 2, 4, 6. */
  private void fill() {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, created("bob"));
      for (int i = 0; i < 2; i++) {
        commit(store, appended("alice", i + 2L, i, "to alice " + i));
        commit(store, appended("bob", i + 2L, i, "to bob " + i));
      }
    }
  }

  private static Session session(FileStore store, String agent) {
    Entry entry = LoadingSource.of(store).get(Keys.session(agent));
    assertThat(entry).as("the session of %s", agent).isNotNull();
    return (Session) entry.value();
  }

  private static Loss loss(FileStore store, String agent) {
    Entry entry = LoadingSource.of(store).get(Keys.loss(agent));
    assertThat(entry).as("what %s lost", agent).isNotNull();
    return (Loss) entry.value();
  }

  private static List<Damage> of(FileStore store, String agent) {
    return store.recovery().damaged().stream()
        .filter(damage -> agent.equals(damage.agent()))
        .toList();
  }

  /** Behind it nothing is damaged any more, and it stays as it is. */
  private void assertSettled(StateFolder folder) {
    assertThat(verify(folder).damaged()).isEmpty();
    try (FileStore again = open(folder, Disk.real())) {
      assertThat(again.recovery().damaged()).isEmpty();
    }
    assertThat(verify(folder).damaged()).isEmpty();
  }

  @Test
  void aLostCommitDamagesTheAgentInWhoseVersionsAGapShowsAndTheOthersGoOn() throws IOException {
    fill();
    folder.flip(1, "to alice 0");
    byte[] segment = Files.readAllBytes(folder.segment(1));
    try (FileStore store = open()) {
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(session(store, "bob").messages()).isEqualTo(2);
      Session alice = session(store, "alice");
      assertThat(alice.status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(alice.version()).as("above all it had").isEqualTo(4);
      assertThat(loss(store, "alice").from()).isEqualTo(2);
      assertThat(loss(store, "alice").to()).isEqualTo(2);
      assertThat(of(store, "alice"))
          .singleElement()
          .satisfies(damage -> assertThat(damage.versions()).isEqualTo(new Range(2, 2L)))
          .satisfies(damage -> assertThat(damage.healed()).isFalse());
      assertThat(store.recovery().damaged().getFirst().sequenceNumbers())
          .isEqualTo(new Range(3, 3L));
      assertThat(store.appended()).isEqualTo(7);
      commit(store, appended("bob", 4, 2, "goes on"));
    }
    Path quarantine = folder.path().resolve("quarantine");
    assertThat(quarantine.resolve("agents/alice.jsonl")).content().contains("alice/session");
    assertThat(quarantine.resolve("agents/alice_journal.jsonl")).content().contains("to alice 1");
    assertThat(quarantine.resolve("journal/0000000001.jsonl")).hasBinaryContent(segment);
    assertSettled(folder);
    assertThat(verify(folder).agents()).isEqualTo(2);
  }

  @Test
  void aLostCommitThatNothingFollowsNamesTheAgentsThatAreStillLegible() throws IOException {
    fill();
    folder.flip(1, "to bob 1");
    try (FileStore store = open()) {
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(of(store, "bob").getFirst().versions()).isEqualTo(new Range(3, 3L));
    }
    assertSettled(folder);
  }

  @Test
  void whereNoNameSurvivedTheSequenceNumbersAreNamed() throws IOException {
    fill();
    folder.blank(1, "to bob 1");
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged())
          .singleElement()
          .satisfies(damage -> assertThat(damage.agent()).isNull())
          .satisfies(damage -> assertThat(damage.sequenceNumbers()).isEqualTo(new Range(6, 6L)));
      assertThat(session(store, "bob").version()).isEqualTo(2);
      assertThat(store.appended()).isEqualTo(6);
    }
    assertSettled(folder);
  }

  @Test
  void aLostCreationAndALostDeletionLeaveADamagedAgent() throws IOException {
    fill();
    try (FileStore store = open()) {
      commit(store, new Change.AgentDeleted("alice", 4));
      commit(store, created("carol"));
    }
    int last = lastSegmentWith("agent_deleted");
    folder.flip(last, "agent_deleted");
    folder.flip(lastSegmentWith("\"carol\""), "\"behavior\":\"echo\"");
    try (FileStore store = open()) {
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "carol").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.IDLE);
    }
    assertSettled(folder);
  }

  private int lastSegmentWith(String text) throws IOException {
    for (int i = 40; i > 0; i--) {
      if (Files.exists(folder.segment(i)) && Files.readString(folder.segment(i)).contains(text)) {
        return i;
      }
    }
    throw new AssertionError("no segment has " + text);
  }

  @Test
  void anAgentThatIsDeletedLaterHasNothingThatCouldBeMissed() throws IOException {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0, "lost"));
      commit(store, appended("alice", 3, 1));
      commit(store, new Change.AgentDeleted("alice", 4));
      commit(
          store,
          new Change.AgentCreated(
              "alice",
              5,
              "again",
              "echo",
              java.util.Map.of(),
              List.of(),
              java.util.Map.of(),
              true));
    }
    folder.flip(1, "lost");
    try (FileStore store = open()) {
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(session(store, "alice").version()).isEqualTo(5);
      assertThat(of(store, "alice")).isEmpty();
      assertThat(store.recovery().damaged()).hasSize(1);
    }
    assertSettled(folder);
  }

  @Test
  void aMissingSegmentIsNamedByItsSequenceNumbers() throws IOException {
    fill();
    try (FileStore store = open()) {
      store.checkpoint();
      commit(store, appended("bob", 4, 2, "in the segment that goes"));
    }
    int gone = lastSegmentWith("in the segment that goes");
    Files.delete(folder.segment(gone));
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged().getFirst().file())
          .isEqualTo("journal/%010d.jsonl".formatted(gone));
      assertThat(session(store, "bob").version()).isEqualTo(3);
    }
    assertSettled(folder);
  }

  @Test
  void anyByteOfTheJournalThatChangesIsNamedAndTheStoreOpens() throws IOException {
    fill();
    String content = Files.readString(folder.segment(1)).stripTrailing();
    int mark = content.lastIndexOf('\n');
    for (int at = 0; at < mark; at += 13) {
      StateFolder damaged = folder.copy(path.resolve("copy" + copies++));
      flip(damaged.segment(1), at);
      try (FileStore store = open(damaged, Disk.real())) {
        assertThat(store.recovery().damaged()).as("byte %d", at).isNotEmpty();
        long sound = List.of("alice", "bob").stream().filter(id -> isAsItWas(store, id)).count();
        assertThat(sound).as("agents that go on, byte %d", at).isPositive();
        store.upkeep().scrub(); // where a header is damaged, and nothing is lost by it
      }
      assertThat(verify(damaged).damaged()).as("byte %d", at).isEmpty();
    }
  }

  private static boolean isAsItWas(FileStore store, String id) {
    Entry entry = LoadingSource.of(store).get(Keys.session(id));
    return entry != null
        && ((Session) entry.value()).version() == 3
        && ((Session) entry.value()).status() == AgentStatus.IDLE;
  }

  @Test
  void aCrashInBetweenLeavesWhatWasOrWhatIsToBe() throws IOException {
    fill();
    folder.flip(1, "to alice 0");
    int crashes = 0;
    boolean done = false;
    for (int step = 0; !done; step++) {
      StateFolder damaged = folder.copy(path.resolve("copy" + copies++));
      AtomicInteger left = new AtomicInteger(step);
      FaultyDisk crashing =
          new FaultyDisk(
              (operation, file) -> {
                if (left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      try (FileStore store = open(damaged, crashing)) {
        done = left.get() > 0;
      } catch (StoreException e) {
        crashes++;
      }
      try (FileStore store = open(damaged, Disk.real())) {
        assertThat(session(store, "alice").status()).as("%d", step).isEqualTo(AgentStatus.DAMAGED);
        assertThat(session(store, "bob").messages()).isEqualTo(2);
      }
      assertThat(verify(damaged).damaged()).as("%d", step).isEmpty();
      assertThat(damaged.path().resolve("quarantine/agents/alice.jsonl")).exists();
    }
    assertThat(crashes).isGreaterThan(20);
  }

  @Test
  void aPackThatIsDamagedInBothCopiesDamagesOnlyTheAgentsWhoseEntriesLieThere() throws IOException {
    try (FileStore store = open()) {
      for (String agent : List.of("alice", "bob", "carol")) {
        commit(store, created(agent));
        commit(store, appended(agent, 2, 0, "hello " + agent));
        commit(store, new Change.TaskSubmitted(agent, 3, "t-" + agent, TaskSpec.of("p")));
      }
      commit(
          store,
          new Change.FellAsleep(
              "bob", 4, new Sleep(AT, AT.plusSeconds(9), List.of("spring"), null, false, 3)));
      store.checkpoint();
    }
    breakBoth(1, "hello bob");
    try (FileStore store = open()) {
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "bob").version()).isEqualTo(5);
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(session(store, "carol").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(of(store, "bob")).hasSize(1);
      List<String> keys = new ArrayList<>();
      LoadingSource.of(store).scan("~").forEachRemaining(entry -> keys.add(entry.key()));
      assertThat(keys).contains("~id/bob", "~status/damaged/bob", "~task/t-bob");
      assertThat(keys).noneMatch(key -> key.startsWith(Keys.DUE));
    }
    assertThat(folder.path().resolve("quarantine/agents/bob.jsonl"))
        .content()
        .contains("bob/sleep")
        .doesNotContain("hello");
    assertSettled(folder);
  }

  @Test
  void whoWasDeletedStaysSoWhereThatHisEntriesWereRemovedIsLost() throws IOException {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0, "of a life that is over"));
      store.checkpoint();
      commit(store, created("aaron"));
      commit(store, new Change.AgentDeleted("alice", 3));
      commit(store, created("bob"));
      store.checkpoint();
    }
    breakBoth(2, "\"key\":\"alice/\",\"version\":0,\"seq\"");
    try (FileStore store = open()) {
      assertThat(session(store, "bob").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(LoadingSource.of(store).scan("alice/").hasNext()).isFalse();
      assertThat(of(store, "alice")).isEmpty();
    }
    assertSettled(folder);
    assertThat(verify(folder).agents()).isEqualTo(2);
  }

  @Test
  void itsVersionIsAboveAllThatAnythingThatIsLeftKnows() throws IOException {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      store.checkpoint();
      for (int i = 0; i < 5; i++) {
        commit(store, appended("alice", i + 2L, i, "message " + i));
      }
      store.checkpoint();
    }
    breakBoth(2, "\"key\":\"alice/session\"");
    try (FileStore store = open()) {
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.DAMAGED);
      assertThat(session(store, "alice").version()).as("its messages tell").isEqualTo(7);
    }
    assertSettled(folder);
  }

  @Test
  void indexesThatAreLostInBothCopiesAreComputedAgain() throws IOException {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, new Change.TaskSubmitted("alice", 2, "t1", TaskSpec.of("p")));
      store.checkpoint();
    }
    CheckReport before = verify(folder);
    breakBoth(1, "~task/t1");
    RepairReport report =
        FileStore.repair(
            Disk.real(),
            folder.path(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            CheckProgress.NONE);
    assertThat(report.damaged()).isNotEmpty();
    assertThat(report.after().isClean()).isTrue();
    try (FileStore store = open()) {
      assertThat(session(store, "alice").status()).isEqualTo(AgentStatus.IDLE);
      assertThat(LoadingSource.of(store).get("~task/t1")).isNotNull();
    }
    assertSettled(folder);
    assertThat(verify(folder).entries()).isEqualTo(before.entries());
  }

  /** Changes a byte of a line in a pack, and of the twin, which is small, about anywhere. */
  private void breakBoth(int number, String text) throws IOException {
    Path pack = folder.path().resolve("packs/%010d.jsonl".formatted(number));
    int at = Files.readString(pack, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).isPositive();
    flip(pack, at + text.length() / 2);
    Path twin = folder.path().resolve("mirror/%010d.jsonl.zst".formatted(number));
    byte[] bytes = Files.readAllBytes(twin);
    bytes[bytes.length / 2] = (byte) 0x5a;
    bytes[bytes.length / 2 + 1] = (byte) 0xa5;
    Files.write(twin, bytes);
  }

  @Test
  void whoOnlyReadsIsRefusedAndChangesNothing() throws IOException {
    fill();
    folder.flip(1, "to alice 0");
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void whatIsWholeAndDoesNotFitIsRefusedAndNothingIsChanged() throws IOException {
    fill();
    folder.addBehind(1, line(7, "[{\"type\":\"invented_later\",\"agent\":\"alice\"}]"));
    var before = folder.bytes();
    refused(Reason.DAMAGED, this::open);
    assertThat(folder.bytes()).isEqualTo(before);
    folder.flip(1, "to alice 0");
    before = folder.bytes();
    refused(Reason.DAMAGED, this::open);
    before.keySet().removeIf(file -> file.startsWith("quarantine/"));
    var after = folder.bytes();
    after.keySet().removeIf(file -> file.startsWith("quarantine/"));
    assertThat(after).isEqualTo(before);
  }
}
