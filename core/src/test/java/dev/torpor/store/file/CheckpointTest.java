package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.flip;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final FaultyDisk.Fault NONE = (operation, file) -> {};
  private static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1));

  @TempDir private Path path;
  private StateFolder folder;
  private final FaultyDisk disk = new FaultyDisk(NONE);

  @BeforeEach
  void makeFolder() {
    folder = new StateFolder(path.resolve("state"));
  }

  private List<Path> files(String name) throws IOException {
    return files(folder, name);
  }

  private static List<Path> files(StateFolder folder, String name) throws IOException {
    try (var files = Files.list(folder.path().resolve(name))) {
      return files.sorted().toList();
    }
  }

  /** Commits some messages of an agent that has {@code from}. */
  private static void append(FileStore store, String agent, int from, int count) {
    for (int i = from; i < from + count; i++) {
      commit(store, appended(agent, i + 2L, i, "x".repeat(1000)));
    }
  }

  @Test
  void whatACheckpointPackedIsReadFromThePackAndItsJournalIsGone() throws Exception {
    List<Entry> before;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      append(store, "alice", 0, 60);
      assertThat(files("journal")).hasSizeGreaterThan(4);
      store.checkpoint();
      await().until(() -> store.stats().journalSegments() <= 3);
      assertThat(files("journal")).hasSizeLessThanOrEqualTo(3);
      assertThat(files("packs")).hasSize(1);
      assertThat(files("mirror")).hasSize(1);
      append(store, "alice", 60, 5);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().commitsReplayed()).isEqualTo(5);
      assertThat(store.recovery().damaged()).isEmpty();
      assertThat(store.appended()).isEqualTo(66);
    }
  }

  @Test
  void whatWasRemovedStaysRemovedAndWhatCameAgainIsNew() {
    List<Entry> before;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      append(store, "alice", 0, 3);
      commit(store, created("bob"));
      store.checkpoint();
      commit(store, new Change.AgentDeleted("alice", 5));
      store.checkpoint();
      commit(
          store,
          new Change.AgentCreated(
              "alice", 6, "again", "echo", Map.of(), List.of(), Map.of(), true));
      commit(store, new Change.MemoryPut("bob", 2, "k", 1));
      store.checkpoint();
      commit(store, new Change.MemoryRemoved("bob", 3, "k"));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(entries(store)).noneMatch(entry -> entry.key().startsWith("alice/message/"));
      assertThat(entries(store)).noneMatch(entry -> entry.key().startsWith("bob/memory/"));
    }
  }

  @Test
  void aCheckpointOfNothingNewWritesNothing() throws Exception {
    try (FileStore store = open()) {
      store.checkpoint();
      commit(store, created("alice"));
      store.checkpoint();
      store.checkpoint();
      assertThat(files("packs")).hasSize(1);
    }
  }

  @Test
  void aCheckpointThatCrashesAnywhereLeavesTheOldOrTheNew() throws Exception {
    int crashes = 0;
    for (int step = 0; ; step++) {
      StateFolder own = new StateFolder(path.resolve("state" + step));
      AtomicBoolean armed = new AtomicBoolean();
      AtomicInteger left = new AtomicInteger(step);
      FaultyDisk crashing =
          new FaultyDisk(
              (operation, file) -> {
                if (armed.get() && left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      List<Entry> expected;
      boolean crashed = false;
      try (FileStore store = open(crashing, own, NO_MARKS)) {
        commit(store, created("alice"));
        append(store, "alice", 0, 20);
        store.checkpoint();
        append(store, "alice", 20, 20);
        commit(store, new Change.AgentDeleted("alice", 42));
        long last = commit(store, created("bob"));
        store.awaitDurable(last);
        expected = entries(store);
        armed.set(true);
        try {
          store.checkpoint();
        } catch (StoreException e) {
          crashed = true;
          crashes++;
        }
      }
      try (FileStore store = open(own)) {
        assertThat(entries(store)).as("step %d", step).isEqualTo(expected);
        assertThat(store.recovery().damaged()).as("step %d", step).isEmpty();
        assertThat(files(own, "packs")).as("step %d", step).hasSizeBetween(1, 2);
        assertThat(files(own, "mirror")).as("step %d", step).hasSameSizeAs(files(own, "packs"));
      }
      if (!crashed && left.get() > 0) {
        break;
      }
    }
    assertThat(crashes).isGreaterThan(10);
  }

  @Test
  void aCheckpointForWhichThereIsNoSpaceIsTakenWhenThereIs() throws Exception {
    List<Entry> before;
    try (FileStore store = open(disk, SMALL)) {
      commit(store, created("alice"));
      append(store, "alice", 0, 5);
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.WRITE && file.toString().contains("packs")) {
              throw new IOException("No space left on device");
            }
          });
      refused(Reason.FULL, store::checkpoint);
      append(store, "alice", 5, 5);
      refused(Reason.FULL, store::checkpoint);
      disk.setFault(NONE);
      append(store, "alice", 10, 5);
      store.checkpoint();
      assertThat(files("packs")).hasSize(1);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void writersGoOnWhileCheckpointsAreTaken() throws Exception {
    List<Entry> before;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      AtomicBoolean over = new AtomicBoolean();
      Thread checkpoints =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!over.get()) {
                      store.checkpoint();
                    }
                  });
      append(store, "alice", 0, 500);
      over.set(true);
      checkpoints.join();
      assertThat(files("packs")).hasSizeGreaterThan(2);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void checkpointsComeByThemselvesInTimeAndWhenTheJournalGrows() throws Exception {
    try (FileStore store = open(new PackOptions(Duration.ofMillis(20), 1L << 40, 1))) {
      store.begin();
      store.awaitDurable(commit(store, created("alice")));
      await().until(() -> store.stats().packed() == 1);
    }
    try (FileStore store = open(new PackOptions(Duration.ofHours(1), 64 << 10, 1))) {
      store.begin();
      append(store, "alice", 0, 80);
      store.awaitDurable(store.appended());
      await().until(() -> store.stats().packed() > 20);
    }
  }

  @Test
  void commitsWaitForACheckpointThatCannotFollow() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    PackOptions options = new PackOptions(Duration.ofHours(1), 64 << 10, 1);
    try (FileStore store = open(disk, folder, SMALL, options);
        Closeable _ = goOn::countDown) {
      disk.setFault(
          (operation, file) -> {
            if (file.getParent().endsWith("packs")) {
              awaitForever(goOn);
            }
          });
      store.begin();
      commit(store, created("alice"));
      int messages = 0;
      while (messages < 10_000 && (store.hasRoom() || roomComes(store))) {
        append(store, "alice", messages++, 1);
        store.awaitDurable(store.appended());
      }
      assertThat(messages).as("the journal is bounded").isLessThan(10_000);
      assertThat(store.stats().journalBytes()).isGreaterThanOrEqualTo(4 * (64 << 10));
      assertThat(refused(Reason.FULL, () -> store.awaitRoom(Duration.ofMillis(10))))
          .hasMessageContaining("no checkpoint made room");
      goOn.countDown();
      store.awaitRoom(Duration.ofSeconds(10));
      append(store, "alice", messages, 1);
    }
  }

  private static boolean roomComes(FileStore store) {
    try {
      store.awaitRoom(Duration.ofMillis(500));
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private static void awaitForever(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStoreThatTakesNoCheckpointsReadsThoseOfOneThatDidAndTheOtherWayRound() throws Exception {
    List<Entry> before = packed();
    try (FileStore store = folder.open()) {
      assertThat(entries(store)).isEqualTo(before);
      store.begin();
      append(store, "alice", 20, 5);
      store.checkpoint();
      assertThat(store.takesCheckpoints()).isFalse();
      before = entries(store);
    }
    assertThat(files("packs")).hasSize(2);
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isEqualTo(5);
      store.checkpoint();
      assertThat(files("packs")).hasSize(3);
    }
    try (FileStore store = folder.open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void theLastThingThatAStoreDoesIsACheckpointUnlessItWasOnlyRead() throws Exception {
    try (FileStore store = open()) {
      commit(store, created("alice"));
    }
    assertThat(files("packs")).isEmpty();
    try (FileStore store = open()) {
      store.begin();
    }
    assertThat(files("packs")).hasSize(1);
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(store.recovery().agents()).isEqualTo(1);
    }
  }

  private FileStore open() {
    return open(HOURLY);
  }

  private FileStore open(PackOptions packs) {
    return open(Disk.real(), folder, SMALL, packs);
  }

  private FileStore open(Disk disk, JournalOptions options) {
    return open(disk, folder, options, HOURLY);
  }

  private static FileStore open(StateFolder folder) {
    return open(Disk.real(), folder, SMALL, HOURLY);
  }

  private static FileStore open(Disk disk, StateFolder folder, JournalOptions options) {
    return open(disk, folder, options, HOURLY);
  }

  private static FileStore open(
      Disk disk, StateFolder folder, JournalOptions options, PackOptions packs) {
    return FileStore.open(
        disk,
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        options,
        packs);
  }

  @Test
  void packsAreMergedAndSayTheSame() throws Exception {
    List<Entry> before;
    try (FileStore store = open(HOURLY)) {
      store.begin();
      commit(store, created("alice"));
      commit(store, created("bob"));
      for (int i = 0; i < 30; i++) {
        append(store, "alice", 2 * i, 2);
        if (i == 20) {
          commit(store, new Change.AgentDeleted("bob", 2));
        }
        store.checkpoint();
      }
      await().until(() -> store.stats().packs() < 6);
      await().until(() -> files("packs").size() == store.stats().packs());
      assertThat(files("mirror")).hasSameSizeAs(files("packs"));
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged()).isEmpty();
    }
  }

  @Test
  void aMergeThatMeetsDamageHealsItFromTheTwin() throws Exception {
    List<Entry> before = packed();
    try (FileStore store = open(HOURLY)) {
      Path damaged = files("packs").getFirst();
      flip(damaged, (int) Files.size(damaged) / 3);
      store.begin();
      append(store, "alice", 20, 10);
      store.checkpoint();
      await().until(() -> Files.exists(folder.path().resolve("quarantine")));
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged()).isEmpty();
    }
  }

  @Test
  void aMergeThatCrashesAnywhereLeavesTheOldOrTheNew() throws Exception {
    List<Entry> expected;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      store.checkpoint();
      append(store, "alice", 0, 20);
      store.checkpoint();
      expected = entries(store);
    }
    int crashes = 0;
    for (int step = 0; ; step++) {
      StateFolder own = folder.copy(path.resolve("state" + step));
      AtomicBoolean armed = new AtomicBoolean();
      AtomicInteger left = new AtomicInteger(step);
      FaultyDisk crashing =
          new FaultyDisk(
              (operation, file) -> {
                if (armed.get() && left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      boolean merged;
      try (FileStore store = open(crashing, own, NO_MARKS)) {
        armed.set(true);
        merged = merges(store);
      }
      crashes += merged ? 0 : 1;
      try (FileStore store = open(own)) {
        assertThat(entries(store)).as("step %d", step).isEqualTo(expected);
        assertThat(store.recovery().damaged()).as("step %d", step).isEmpty();
        assertThat(files(own, "packs")).as("step %d", step).hasSizeBetween(1, 2);
        assertThat(files(own, "mirror")).as("step %d", step).hasSameSizeAs(files(own, "packs"));
      }
      if (merged && left.get() > 0) {
        break;
      }
    }
    assertThat(crashes).isGreaterThan(10);
  }

  private static boolean merges(FileStore store) {
    try {
      store.upkeep().merge();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A store with two packs. */
  private List<Entry> packed() {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      append(store, "alice", 0, 10);
      store.checkpoint();
      append(store, "alice", 10, 10);
      store.checkpoint();
      return entries(store);
    }
  }

  @Test
  void aDamagedPackIsHealedFromItsTwinWithNothingLost() throws Exception {
    List<Entry> before = packed();
    Path damaged = files("packs").getFirst();
    flip(damaged, (int) Files.size(damaged) / 3);
    byte[] asFound = Files.readAllBytes(damaged);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      RecoveryReport.Damage told = store.recovery().damaged().getFirst();
      assertThat(told.file()).isEqualTo("packs/" + damaged.getFileName());
      assertThat(told.healed()).isTrue();
    }
    assertThat(folder.path().resolve("quarantine/packs").resolve(damaged.getFileName()))
        .hasBinaryContent(asFound);
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged()).isEmpty();
      assertThat(entries(store)).isEqualTo(before);
      assertThat(files("packs")).hasSize(2);
    }
  }

  @Test
  void aMissingPackIsHealedToo() throws Exception {
    List<Entry> before = packed();
    Files.delete(files("packs").getLast());
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged()).hasSize(1);
    }
  }

  @Test
  void aPackThatIsDamagedInBothCopiesIsToldByName() throws Exception {
    packed();
    for (String name : List.of("packs", "mirror")) {
      Path file = files(name).getFirst();
      flip(file, (int) Files.size(file) / 2);
    }
    try (FileStore store = open()) { // whose journal goes on with what is in that pack
      assertThat(store.recovery().damaged().getFirst().file()).isEqualTo("packs/0000000001.jsonl");
      assertThat(store.recovery().damaged()).anyMatch(damage -> "alice".equals(damage.agent()));
      assertThat(entries(store)).anyMatch(entry -> entry.key().equals("alice/loss"));
    }
  }

  @Test
  void whatACrashLeftInTheFoldersOfPacksIsRemovedAndTold() throws Exception {
    packed();
    List<String> left = new ArrayList<>();
    for (String name :
        List.of(
            "packs/0000000009.jsonl",
            "packs/0000000010.jsonl.tmp",
            "mirror/0000000009.jsonl.zst")) {
      Files.writeString(folder.path().resolve(name), "half");
      left.add(name);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().removed()).containsAll(left);
      commit(store, created("bob"));
      store.checkpoint();
    }
    assertThat(files("packs")).hasSize(3);
    assertThat(files("packs").getLast()).hasFileName("0000000011.jsonl");
  }

  @Test
  void aCheckpointCountsThoughOneOfTheManifestsCouldNotBeWritten() {
    List<Entry> before;
    try (FileStore store = open(disk, SMALL)) {
      commit(store, created("alice"));
      append(store, "alice", 0, 5);
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.RENAME && file.endsWith("metadata.json")) {
              throw new IOException("No space left on device");
            }
          });
      refused(Reason.FULL, store::checkpoint);
      disk.setFault(NONE);
      append(store, "alice", 5, 5);
      store.checkpoint();
      assertThat(store.stats().packed()).isEqualTo(11);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void aStoreThatIsClosedTakesNoCheckpoint() {
    FileStore closed = open();
    commit(closed, created("alice"));
    closed.close();
    List<Entry> before;
    try (FileStore store = open()) {
      append(store, "alice", 0, 40);
      store.checkpoint();
      refused(Reason.READ_ONLY, closed::checkpoint);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void aStoreIsNotClosedBeforeItsCheckpointIsOver() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FileStore store = open(disk, SMALL);
    commit(store, created("alice"));
    List<Entry> before = entries(store);
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE && file.toString().contains("packs")) {
            writing.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        });
    Thread checkpoint = Thread.ofPlatform().start(store::checkpoint);
    writing.await();
    Thread close = Thread.ofPlatform().start(store::close);
    assertThat(close.join(Duration.ofMillis(200))).isFalse();
    refused(Reason.LOCKED, () -> open().close());
    goOn.countDown();
    checkpoint.join();
    close.join();
    try (FileStore again = open()) {
      assertThat(entries(again)).isEqualTo(before);
      assertThat(again.recovery().removed()).noneMatch(file -> file.startsWith("packs"));
    }
  }

  @Test
  void whatACommitWritesAndThenDeletesIsInNoPack() {
    List<Entry> before;
    try (FileStore store = open()) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0), new Change.AgentDeleted("alice", 3));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  /** Fails with values, as a serializer of somebody else's may, for as long as it is told to. */
  private static final class Failing implements StateSerializer {
    private final StateSerializer json = new JsonStateSerializer();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean fails;

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      if (fails && !(value instanceof Change)) {
        failures.incrementAndGet();
        throw new IllegalStateException("no key to seal with");
      }
      json.write(value, out);
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      return json.read(type, bytes, offset, length);
    }

    @Override
    public String name(String text) {
      return json.name(text);
    }
  }

  @Test
  void whateverACheckpointFailsWithTheNextComesAndTheStoreCanBeClosed() {
    Failing serializer = new Failing();
    List<Entry> before;
    try (FileStore store = open(serializer)) {
      store.begin();
      serializer.fails = true;
      commit(store, created("alice"));
      await().until(() -> serializer.failures.get() > 1);
      serializer.fails = false;
      await().until(() -> store.stats().packed() == 1);
      serializer.fails = true;
      append(store, "alice", 0, 3);
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isEqualTo(3);
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  private FileStore open(StateSerializer serializer) {
    return FileStore.open(
        Disk.real(),
        folder.path(),
        serializer,
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        PackOptions.every(Duration.ofMillis(20)));
  }

  @Test
  void packsThatNoManifestIsLeftOfAreNotTakenForLeftovers() throws Exception {
    packed();
    for (String name : List.of("system", "journal")) {
      for (Path file : files(name)) {
        Files.delete(file);
      }
    }
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void aMissingTwinIsMadeAnew() throws Exception {
    List<Entry> before = packed();
    Path missing = files("mirror").getFirst();
    Files.delete(missing);
    try (FileStore store = open()) {
      RecoveryReport.Damage told = store.recovery().damaged().getFirst();
      assertThat(told.file()).isEqualTo("mirror/" + missing.getFileName());
      assertThat(told.healed()).isTrue();
    }
    assertThat(files("mirror")).hasSize(2);
    Path pack = files("packs").getLast(); // the one that was made anew
    flip(pack, (int) Files.size(pack) / 2);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void aMissingTwinThatCannotBeMadeAnewStopsNothing() throws Exception {
    List<Entry> before = packed();
    Files.delete(files("mirror").getFirst());
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE && file.toString().contains("mirror")) {
            throw new IOException("No space left on device");
          }
        });
    try (FileStore store = open(disk, SMALL)) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged().getFirst().healed()).isFalse();
    }
  }

  @Test
  void whatSeveralCommitsPutIntoOneValueFitsIntoAPack() {
    String large = "\u0001".repeat(1 << 20); // six times as long as JSON
    List<Entry> before;
    try (FileStore store = open(Disk.real(), folder, JournalOptions.DEFAULT)) {
      commit(store, created("alice"));
      commit(store, updated(2, Map.of("k", large), null, null));
      commit(store, updated(3, null, List.of(large), null));
      commit(store, updated(4, null, null, Map.of("k", large)));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  private static Change updated(
      long version,
      @Nullable Map<String, @Nullable Object> configuration,
      @Nullable List<String> toolSets,
      @Nullable Map<String, @Nullable Object> metadata) {
    return new Change.AgentUpdated("alice", version, null, null, configuration, toolSets, metadata);
  }

  @Test
  void aCommitWithAKeyThatNoPackCanHoldIsRefused() {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      refused(
          Reason.TOO_LARGE,
          () -> commit(store, new Change.EventBroadcast("e".repeat(5000), null, null)));
      assertThat(store.appended()).isEqualTo(1);
      commit(store, new Change.EventBroadcast("e".repeat(4000), null, null));
      store.checkpoint();
    }
  }

  @Test
  void aStoreMayTakeCheckpointsByTheSizeOfItsJournalAlone() {
    Duration never = Duration.ofSeconds(Long.MAX_VALUE);
    try (FileStore store = open(new PackOptions(never, 64 << 10, 1))) {
      store.begin();
      commit(store, created("alice"));
      append(store, "alice", 0, 80);
      store.awaitDurable(store.appended());
      await().until(() -> store.stats().packed() > 20);
    }
  }

  @Test
  void aJournalMayBeAsLongAsItLikes() {
    assertThat(new PackOptions(Duration.ofHours(1), Long.MAX_VALUE, 1).segments(1))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(new PackOptions(Duration.ofHours(1), 1, 1).segments(16 << 20)).isEqualTo(2);
  }

  /** Takes texts as names, as they are. */
  private static final class Plain implements StateSerializer {
    private final StateSerializer json = new JsonStateSerializer();

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      json.write(value, out);
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      return json.read(type, bytes, offset, length);
    }

    @Override
    public String name(String text) {
      return text;
    }
  }

  @Test
  void keysOfAnyCharactersArePackedInTheirOrderAndDeleted() {
    List<String> names =
        List.of("a", "\ud83d\ude00", "\ue000", "\uff61", "\uffff", "z".repeat(2000));
    List<Entry> before;
    try (FileStore store = open(new Plain())) {
      commit(store, created("alice"));
      for (int i = 0; i < names.size(); i++) {
        commit(store, new Change.EventBroadcast(names.get(i), null, null));
        commit(store, new Change.MemoryPut("alice", i + 2L, names.get(i), i));
      }
      store.checkpoint();
      commit(store, new Change.AgentDeleted("alice", names.size() + 2L));
      assertThat(entries(store)).noneMatch(entry -> entry.key().startsWith("alice/"));
      store.checkpoint();
      before = entries(store);
    }
    try (FileStore store = open(new Plain())) {
      assertThat(store.recovery().commitsReplayed()).isZero();
      assertThat(entries(store)).isEqualTo(before);
    }
  }
}
