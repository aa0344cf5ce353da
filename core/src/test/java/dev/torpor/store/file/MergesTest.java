package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.flip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Merges beside checkpoints: whole, damaged, and cut off. */
class MergesTest extends CheckpointRig {
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
}
