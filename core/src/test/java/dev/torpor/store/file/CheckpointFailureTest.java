package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Checkpoints that are cut off, fail, or come when the store is being closed. */
class CheckpointFailureTest extends CheckpointRig {
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
}
