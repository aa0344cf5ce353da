package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.AT;
import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Entry;
import dev.torpor.state.Stamp;
import dev.torpor.store.Commit;
import dev.torpor.store.Owned;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.StoreStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits that are refused, or whose disk fails. */
class FileStoreCommitTest {

  private static final FaultyDisk.Fault NONE = (operation, file) -> {};

  private final FaultyDisk disk = new FaultyDisk(NONE);
  private StateFolder folder;

  @BeforeEach
  void chooseFolder(@TempDir Path path) {
    folder = new StateFolder(path.resolve("state"));
  }

  private static FaultyDisk.Fault failing(Operation failing, String words) {
    return (operation, file) -> {
      if (operation == failing) {
        throw new IOException(words);
      }
    };
  }

  @Test
  void aCommitThatIsTooLargeIsRefusedAndNothingIsAppliedOrAppended() {
    List<Entry> before;
    try (FileStore store = folder.open()) {
      commit(store, created("alice"));
      before = entries(store);
      assertThat(
              refused(
                  Reason.TOO_LARGE, () -> commit(store, appended("alice", 2, 0, "x".repeat(9000)))))
          .hasMessageContaining("limit 8192");
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.appended()).isEqualTo(1);
      commit(store, appended("alice", 2, 0, "x".repeat(7000)));
    }
    try (FileStore store = folder.open()) {
      assertThat(store.appended()).isEqualTo(2);
    }
  }

  @Test
  void whoIsNotTheOwnerIsRefused() {
    try (FileStore store = folder.open();
        FileStore other = new StateFolder(folder.path().resolveSibling("other")).open()) {
      Owned owned = other.owned();
      assertThat(owned.shard()).isZero();
      assertThat(owned.epoch()).isEqualTo(1);
      Commit commit = new Commit(new Stamp(1, AT), List.of(created("alice")), List.of());
      refused(Reason.NOT_OWNER, () -> store.commit(owned, commit));
    }
  }

  @Test
  void aWaiterForWhatWasNeverCommittedIsAProgrammingError() {
    try (FileStore store = folder.open()) {
      assertThatThrownBy(() -> store.awaitDurable(1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> store.whenDurable(1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void afterAFailedForceOutcomesAreUnknownAndNothingIsTakenUntilARestart() throws Exception {
    long acknowledged;
    FileStore store = folder.open(disk, NO_MARKS);
    try (store) {
      acknowledged = commit(store, created("alice"), appended("alice", 2, 0));
      store.awaitDurable(acknowledged);
      disk.setFault(failing(Operation.WRITE_DURABLY, "a bad block"));
      long seq = commit(store, appended("alice", 3, 1));
      CompletableFuture<Void> future = store.whenDurable(seq);
      assertThat(refused(Reason.OUTCOME_UNKNOWN, () -> store.awaitDurable(seq)))
          .hasMessageContaining("repeat it with the same key");
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> future.get(10, TimeUnit.SECONDS))
          .havingCause()
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OUTCOME_UNKNOWN));
      disk.setFault(NONE);
      assertThat(store.hasRoom()).isFalse();
      refused(Reason.READ_ONLY, () -> store.awaitRoom(Duration.ofSeconds(1)));
      Commit next = new Commit(new Stamp(seq + 1, AT), List.of(created("bob")), List.of());
      refused(Reason.READ_ONLY, () -> store.commit(store.owned(), next));
      store.awaitDurable(acknowledged);
      assertThat(store.durable()).isEqualTo(acknowledged);
    }
    try (FileStore reopened = folder.open()) {
      assertThat(reopened.appended()).isBetween(acknowledged, acknowledged + 1);
      commit(reopened, created("bob"));
    }
  }

  @Test
  void aCloseThatCannotWriteStillLetsTheFolderGo() {
    FileStore store = folder.open(disk, NO_MARKS);
    commit(store, created("alice"));
    disk.setFault(failing(Operation.WRITE_DURABLY, "a bad block"));
    store.close();
    store.close();
    folder.open().close();
  }

  @Test
  void aClosedStoreTakesNothing() {
    FileStore store = folder.open();
    store.close();
    assertThat(store.hasRoom()).isFalse();
    refused(Reason.READ_ONLY, () -> store.awaitRoom(Duration.ofSeconds(1)));
    Commit commit = new Commit(new Stamp(1, AT), List.of(created("alice")), List.of());
    refused(Reason.READ_ONLY, () -> store.commit(store.owned(), commit));
    assertThat(entries(store)).isEmpty();
  }

  /** Commits until there is no room. */
  private static long fill(FileStore store) {
    return fillOn(store, commit(store, created("alice")));
  }

  private static long fillOn(FileStore store, long last) {
    long seq = last;
    while (store.hasRoom()) {
      seq = commit(store, appended("alice", seq + 1, seq - 1, "x".repeat(7000)));
    }
    store.awaitDurable(seq);
    return seq;
  }

  @Test
  void aFullDiskRefusesUntilThereIsSpace() {
    try (FileStore store = folder.open(disk, NO_MARKS)) {
      disk.setFault(failing(Operation.WRITE, "No space left on device"));
      long last = fill(store);
      assertThat(refused(Reason.FULL, () -> store.awaitRoom(Duration.ofSeconds(10))))
          .hasMessageContaining("the disk is full");
      assertThat(store.appended()).isEqualTo(last);
      disk.setFault(NONE);
      store.awaitRoom(Duration.ofSeconds(10));
      assertThat(store.hasRoom()).isTrue();
      store.awaitDurable(commit(store, created("bob")));
    }
    try (FileStore store = folder.open()) {
      assertThat(store.recovery().agents()).isEqualTo(2);
    }
  }

  /** What the manifest says last must be in both of them before anybody relies on it. */
  @Test
  void aDiskThatIsFullBetweenTheManifestsLeavesThemAlikeWhenThereIsSpace() throws Exception {
    try (FileStore store = folder.open(disk, NO_MARKS)) {
      await().until(() -> store.stats().journalSegments() == 3);
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.CREATE && file.endsWith("metadata.json.tmp")) {
              throw new IOException("No space left on device");
            }
          });
      fill(store);
      refused(Reason.FULL, () -> store.awaitRoom(Duration.ofSeconds(10)));
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.CREATE && file.toString().endsWith(".jsonl.tmp")) {
              throw new IOException("No space left on device");
            }
          });
      store.awaitRoom(Duration.ofSeconds(10));
      assertThat(Files.readString(folder.main())).isEqualTo(Files.readString(folder.backup()));
    }
  }

  @Test
  void spaceThatIsNotReadyInTimeIsRefusedAndTheInterruptKept() throws Exception {
    CountDownLatch holding = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    try (FileStore store = folder.open(disk, NO_MARKS)) {
      try {
        disk.setFault(
            (operation, file) -> {
              if (operation == Operation.WRITE) {
                holding.countDown();
                try {
                  held.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }
            });
        long last = fill(store);
        holding.await(); // what was made before that can still come, and is filled too
        fillOn(store, last);
        assertThat(refused(Reason.FULL, () -> store.awaitRoom(Duration.ofMillis(20))))
            .hasMessageContaining("no journal space was ready in PT0.02S; try again");
        Thread.currentThread().interrupt();
        refused(Reason.FULL, () -> store.awaitRoom(Duration.ofMillis(20)));
        assertThat(Thread.interrupted()).isTrue();
        refused(Reason.FULL, () -> store.awaitRoom(Duration.ZERO));
      } finally {
        held.countDown();
      }
      store.awaitRoom(Duration.ofSeconds(10));
    }
  }

  @Test
  void statsTellSizesAndNumbers() {
    try (FileStore store = folder.open()) {
      store.awaitDurable(commit(store, created("alice")));
      long last = commit(store, appended("alice", 2, 0));
      await().until(() -> store.stats().journalSegments() == 3);
      StoreStats stats = store.stats();
      assertThat(stats.kind()).isEqualTo("file");
      assertThat(stats.entries()).isEqualTo(entries(store).size());
      assertThat(stats.appended()).isEqualTo(last);
      assertThat(stats.durable()).isBetween(1L, 2L);
      assertThat(stats.journalBytes()).isEqualTo(3 * (16 << 10));
    }
  }
}
