package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Change;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.document.DocumentOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whom an erasure keeps waiting: not who closes the store, and not who commits. */
@Timeout(30)
class ErasureCloseTest {
  private static final DocumentOptions SOON =
      new DocumentOptions(Duration.ofHours(1), 1000, 16 << 20, Duration.ofMillis(50));

  @TempDir private Path path;
  private final FaultyDisk disk = new FaultyDisk((operation, file) -> {});

  private FileStore open() {
    FileStore store =
        FileStore.open(
            disk,
            path.resolve("state"),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            SMALL,
            DocumentedStore.HOURLY,
            SOON);
    store.beforeErasure(
        () -> store.awaitDurable(commit(store, new Change.ErasureBegun(store.appended()))));
    return store;
  }

  private static void hold(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aCloseDoesNotWaitUntilAllDocumentsAreWritten() throws Exception {
    FileStore store = open();
    for (int i = 0; i < 200; i++) {
      commit(store, created("agent-" + i));
    }
    commit(store, new Change.AgentDeleted("agent-0", 2));
    CountDownLatch projecting = new CountDownLatch(1);
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.RENAME && file.getParent().endsWith("agents")) {
            projecting.countDown();
            pause();
          }
        });
    Thread erasing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    store.erase();
                  } catch (StoreException closed) {
                    return;
                  }
                });
    projecting.await();
    long began = System.nanoTime();
    store.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    erasing.join();
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whileAnErasureWaitsForAMergeCheckpointsAreTaken() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (FileStore store = open()) {
      commit(store, created("alice"));
      for (int i = 0; i < 12; i++) {
        commit(store, appended("alice", i + 2L, i));
        store.checkpoint();
      }
      Thread merging =
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    try {
                      store.upkeep().merge();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      CountDownLatch merges = new CountDownLatch(1);
      disk.setFault(
          (operation, file) -> {
            if (Thread.currentThread() == merging) {
              merges.countDown();
              hold(goOn);
            }
          });
      merging.start();
      merges.await();
      Thread erasing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      store.upkeep().erasure().alone(() -> {});
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      await().until(() -> erasing.getState() == Thread.State.BLOCKED);
      commit(store, appended("alice", 14, 12));
      long packed = store.stats().packed();
      Thread checkpoint = Thread.ofPlatform().start(store::checkpoint);
      try {
        await().atMost(Duration.ofSeconds(10)).until(() -> store.stats().packed() > packed);
      } finally {
        goOn.countDown();
        checkpoint.join();
        erasing.join();
        merging.join();
      }
    }
  }
}
