package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.Retention;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Erasures that are cut off, or cannot remove something. */
class ErasureCrashTest extends ErasureRig {
  private static final JournalOptions SMALL =
      new JournalOptions(64 << 10, 32 << 10, 1, Duration.ofMillis(50));

  private static Torpor open(FaultyDisk disk, Path state, Duration within) {
    FileStore store =
        FileStore.open(
            disk,
            state,
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            SMALL,
            PackOptions.every(Duration.ofHours(1)).with(new Retention(Duration.ofDays(1), within)),
            DocumentOptions.DEFAULT);
    return Torpor.with(store).grace(Duration.ofMillis(50)).behavior("echo", Folders::echo).open();
  }

  @Test
  void whereverItIsCutOffTheNextStartGoesOnAndNothingElseIsLost() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      quarantine();
    }
    int crashes = 0;
    for (int step = 0; ; step++) {
      Path own = Folders.copy(state(), folder.resolve("state" + step));
      AtomicInteger left = new AtomicInteger(step);
      AtomicBoolean armed = new AtomicBoolean();
      FaultyDisk disk =
          new FaultyDisk(
              (operation, file) -> {
                if (armed.get() && left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      boolean erased;
      try (Torpor torpor = open(disk, own, Duration.ofDays(1))) {
        armed.set(true);
        erased = erases(torpor);
        if (erased) {
          assertThat(found(own, WORD)).as("step %d", step).isEmpty();
        }
      }
      crashes += erased ? 0 : 1;
      FaultyDisk good = new FaultyDisk((operation, file) -> {});
      try (Torpor torpor = open(good, own, Duration.ofMillis(1))) {
        await().atMost(Folders.SOON).until(() -> found(own, WORD).isEmpty());
        assertTheRestIsThere(torpor);
        assertThat(torpor.recovery().damaged()).as("step %d", step).isEmpty();
      }
      assertThat(found(own, WORD)).as("step %d", step).isEmpty();
      if (erased && left.get() > 0) {
        break;
      }
    }
    assertThat(crashes).isGreaterThan(30);
  }

  @Test
  void whatCouldNotBeRemovedIsNotSaidToBeAndIsTriedAgain() throws Exception {
    for (String busy : List.of("packs", "mirror", "journal", "quarantine", "requests")) {
      Path own = folder.resolve(busy);
      FaultyDisk disk = new FaultyDisk((operation, file) -> {});
      try (Torpor torpor = open(disk, own, Duration.ofDays(1))) {
        fill(torpor);
        Path kept = own.resolve("quarantine/packs/0000000001.jsonl");
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, WORD);
        Files.writeString(own.resolve("quarantine/README"), "not theirs");
        torpor.agent("alice").delete();
        disk.setFault(
            (operation, file) -> {
              boolean isRemoval = operation == Operation.DELETE || busy.equals("requests");
              if (isRemoval && file.toString().substring(own.toString().length()).contains(busy)) {
                throw new IOException("busy");
              }
            });
        assertThat(erases(torpor)).as(busy).isFalse();
        assertThat(found(own, WORD)).as(busy).isNotEmpty();
        disk.setFault((operation, file) -> {});
        await().atMost(Folders.SOON).until(() -> erases(torpor)); // a disk has to rest, too
        assertThat(found(own, WORD)).as(busy).isEmpty();
        assertThat(own.resolve("quarantine/README")).hasContent("not theirs");
        assertTheRestIsThere(torpor);
      }
    }
  }

  private static boolean erases(Torpor torpor) {
    try {
      torpor.cleanUp(NOBODY);
      return true;
    } catch (TorporException e) {
      return false;
    }
  }
}
