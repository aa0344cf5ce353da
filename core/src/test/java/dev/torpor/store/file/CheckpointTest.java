package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.store.CheckpointReport;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When checkpoints are taken, and what is read from them. */
class CheckpointTest extends CheckpointRig {
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
  void theLastCheckpointIsTold() {
    try (FileStore store = open()) {
      assertThat(store.stats().checkpoint()).isNull();
      commit(store, created("alice"));
      store.checkpoint();
      CheckpointReport first = requireNonNull(store.stats().checkpoint());
      assertThat(first.seq()).isEqualTo(1);
      assertThat(first.entries()).isPositive();
      assertThat(first.took()).isPositive();
      store.checkpoint(); // of nothing
      assertThat(store.stats().checkpoint()).isEqualTo(first);
    }
  }

  @Test
  void livesInWhichNothingHappensLeaveNoSegmentsBehind() throws Exception {
    packed();
    for (int life = 0; life < 5; life++) {
      try (FileStore store = open()) {
        store.checkpoint();
        assertThat(store.stats().packs()).isEqualTo(2);
      }
      assertThat(files("journal")).hasSize(1);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged()).isEmpty();
      assertThat(store.appended()).isEqualTo(21);
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
}
