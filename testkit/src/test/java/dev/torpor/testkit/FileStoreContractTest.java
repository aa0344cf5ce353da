package dev.torpor.testkit;

import dev.torpor.disk.Disk;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.journal.JournalOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class FileStoreContractTest extends StateStoreContract {
  /** Small segments, so that every test crosses from one to the next. */
  private static final JournalOptions SMALL =
      new JournalOptions(16 << 10, 8 << 10, 2, Duration.ofMillis(50));

  @TempDir Path folder;

  @Override
  protected StateStore open() {
    return FileStore.open(
        Disk.real(),
        folder.resolve("state"),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL);
  }

  @Override
  protected StateStore reopen(StateStore store) {
    store.close();
    return open();
  }
}
