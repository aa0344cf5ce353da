package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Entry;
import dev.torpor.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine goes off at each operation of the disk in turn. */
class FileStoreCrashTest {

  @TempDir private Path path;

  /** A disk that does so many operations and then none. */
  private static FaultyDisk lasting(int operations) {
    AtomicInteger steps = new AtomicInteger();
    return new FaultyDisk(
        (operation, file) -> {
          if (steps.getAndIncrement() >= operations) {
            throw new IOException("the machine is off");
          }
        });
  }

  @Test
  void aFirstOpeningThatCrashesAnywhereIsFollowedByANewStore() {
    int step = 0;
    for (boolean opened = false; !opened; step++) {
      StateFolder folder = new StateFolder(path.resolve("state" + step));
      opened = opens(folder, step);
      try (FileStore store = folder.open()) {
        assertThat(store.appended()).as("step %d", step).isZero();
        assertThat(store.recovery().damaged()).as("step %d", step).isEmpty();
      }
    }
    assertThat(step).as("steps that were tried").isGreaterThan(10);
  }

  /** One folder for all: each opening that crashes leaves its traces to the next. */
  @Test
  void anOpeningThatCrashesAnywhereIsFollowedByOneThatHasEverything() throws Exception {
    StateFolder killed = killed();
    List<Entry> expected = null;
    int step = 0;
    for (boolean opened = false; !opened; step++) {
      StateFolder folder = killed.copy(path.resolve("state" + step));
      opened = opens(folder, step);
      try (FileStore store = folder.open()) {
        List<Entry> now = entries(store);
        expected = expected == null ? now : expected;
        assertThat(now).as("step %d", step).isEqualTo(expected);
        assertThat(store.appended()).as("step %d", step).isEqualTo(4);
        assertThat(store.recovery().damaged()).as("step %d", step).isEmpty();
      }
    }
    assertThat(step).as("steps that were tried").isGreaterThan(10);
  }

  /** A store that was killed: acknowledged commits without a mark, segments that are blank. */
  private StateFolder killed() throws IOException {
    StateFolder folder = new StateFolder(path.resolve("living"));
    try (FileStore store = folder.open(Disk.real(), NO_MARKS)) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0));
      commit(store, appended("alice", 3, 1));
      store.awaitDurable(commit(store, appended("alice", 4, 2)));
      org.awaitility.Awaitility.await().until(() -> store.stats().journalSegments() == 3);
      org.awaitility.Awaitility.await() // and until the last of them is in the other manifest, too
          .until(() -> Files.mismatch(folder.main(), folder.backup()) < 0);
      return folder.copy(path.resolve("killed"));
    }
  }

  private static boolean opens(StateFolder folder, int step) {
    Set<Thread> before = writers();
    try (FileStore store = folder.open(lasting(step), NO_MARKS)) {
      return store.appended() >= 0;
    } catch (StoreException crash) {
      assertThat(crash.reason()).isEqualTo(StoreException.Reason.UNUSABLE);
      assertThat(writers()).as("whose folder is not locked any more").isSubsetOf(before);
      return false;
    }
  }

  /** The threads that make segments. */
  private static Set<Thread> writers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("torpor-journal-segments"))
        .collect(Collectors.toSet());
  }

  @Test
  void aCrashAnywhereWhileSegmentsChangeLosesNothingThatWasAcknowledged() throws Exception {
    StateFolder begun = new StateFolder(path.resolve("begun")).with(1);
    String large = "x".repeat(7000);
    int crashes = 0;
    for (int step = 8; step < 120; step += 3) {
      StateFolder folder = begun.copy(path.resolve("state" + step));
      long acknowledged = 2;
      AtomicBoolean crashed = new AtomicBoolean();
      try (FileStore store = folder.open(lasting(step), NO_MARKS)) {
        for (int i = 0; i < 7; i++) {
          long seq = commit(store, appended("alice", i + 3L, i + 1L, large));
          store.awaitDurable(seq);
          acknowledged = seq;
        }
      } catch (StoreException crash) {
        crashed.set(true);
        crashes++;
      }
      try (FileStore store = folder.open()) {
        assertThat(store.appended()).as("step %d", step).isBetween(acknowledged, acknowledged + 1);
        assertThat(store.recovery().damaged()).as("step %d", step).isEmpty();
      }
      if (!crashed.get()) {
        break;
      }
    }
    assertThat(crashes).isGreaterThan(5);
  }
}
