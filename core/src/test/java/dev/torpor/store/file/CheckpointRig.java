package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A state folder with small segments, of which tests have checkpoints taken. */
abstract class CheckpointRig {
  static final FaultyDisk.Fault NONE = (operation, file) -> {};
  static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1));

  @TempDir Path path;
  StateFolder folder;
  final FaultyDisk disk = new FaultyDisk(NONE);

  @BeforeEach
  void makeFolder() {
    folder = new StateFolder(path.resolve("state"));
  }

  List<Path> files(String name) throws IOException {
    return files(folder, name);
  }

  static List<Path> files(StateFolder folder, String name) throws IOException {
    try (var files = Files.list(folder.path().resolve(name))) {
      return files.sorted().toList();
    }
  }

  /** Commits some messages of an agent that has {@code from}. */
  static void append(FileStore store, String agent, int from, int count) {
    for (int i = from; i < from + count; i++) {
      commit(store, appended(agent, i + 2L, i, "x".repeat(1000)));
    }
  }

  static void awaitForever(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  FileStore open() {
    return open(HOURLY);
  }

  FileStore open(PackOptions packs) {
    return open(Disk.real(), folder, SMALL, packs);
  }

  FileStore open(Disk disk, JournalOptions options) {
    return open(disk, folder, options, HOURLY);
  }

  static FileStore open(StateFolder folder) {
    return open(Disk.real(), folder, SMALL, HOURLY);
  }

  static FileStore open(Disk disk, StateFolder folder, JournalOptions options) {
    return open(disk, folder, options, HOURLY);
  }

  static FileStore open(Disk disk, StateFolder folder, JournalOptions options, PackOptions packs) {
    return FileStore.open(
        disk,
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        options,
        packs);
  }

  FileStore open(StateSerializer serializer) {
    return FileStore.open(
        Disk.real(),
        folder.path(),
        serializer,
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        PackOptions.every(Duration.ofMillis(20)));
  }

  /** A store with two packs. */
  List<Entry> packed() {
    try (FileStore store = open()) {
      commit(store, created("alice"));
      append(store, "alice", 0, 10);
      store.checkpoint();
      append(store, "alice", 10, 10);
      store.checkpoint();
      return entries(store);
    }
  }
}
