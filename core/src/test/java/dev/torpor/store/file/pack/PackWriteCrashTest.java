package dev.torpor.store.file.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash before, in the middle of, and so after each step of writing and healing. */
class PackWriteCrashTest {

  @TempDir Path path;

  private interface Making {
    PackDescription make(TestPacks packs) throws IOException;
  }

  /** More than one frame, so that the thread that compresses crashes too. */
  private static List<PackEntry> entries() {
    return List.of(
        TestPacks.put("a", 1, "x".repeat(1 << 20)),
        TestPacks.put("b", 1, "y".repeat(2 << 20)),
        TestPacks.put("~id/a", 1, "a"));
  }

  @Test
  void writingLeavesNothingUnderTheNamesOrWholeFiles() throws IOException {
    crashEverywhere("write", packs -> packs.write(2, entries()));
  }

  @Test
  void healingLeavesNothingUnderTheNamesOrWholeFiles() throws IOException {
    for (Copy good : Copy.values()) {
      crashEverywhere(
          "heal" + good,
          packs -> {
            PackDescription damaged = new TestPacks(packs.path).write(1, entries());
            Files.delete(packs.folder.file(1, good.other()));
            return packs.folder.heal(damaged, good, 2, done -> {});
          });
    }
  }

  private void crashEverywhere(String name, Making making) throws IOException {
    boolean crashed = true;
    int crashAt = 0;
    for (; crashed; crashAt++) {
      Path place = path.resolve(name + crashAt);
      crashed = crashes(new TestPacks(place), crashAt, making);
      TestPacks after = new TestPacks(place);
      Path pack = after.folder.file(2, Copy.PACK);
      Path twin = after.folder.file(2, Copy.TWIN);
      if (Files.exists(pack)) {
        assertThat(twin).as("step %d: a pack has a twin", crashAt).exists();
        PackDescription whole = after.folder.describe(2, done -> {});
        assertThat(after.verify(whole, Copy.PACK)).isEmpty();
        assertThat(after.verify(whole, Copy.TWIN)).isEmpty();
      } else if (Files.exists(twin)) {
        PackDescription whole = after.folder.describe(2, done -> {});
        assertThat(after.verify(whole, Copy.TWIN)).isEmpty();
        assertThat(after.verify(whole, Copy.PACK)).isNotEmpty();
      } else {
        assertThat(crashed).isTrue();
      }
      for (Path leftover : after.folder.leftovers(List.of())) {
        Disk.real().delete(leftover);
      }
      assertThat(place.resolve("packs")).isEmptyDirectory();
      assertThat(place.resolve("mirror")).isEmptyDirectory();
    }
    assertThat(crashAt).as("steps that were tried").isGreaterThan(12);
  }

  /** Makes a pack on a disk that fails from a step on; the removal of what failed fails as well. */
  private static boolean crashes(TestPacks real, int crashAt, Making making) throws IOException {
    AtomicInteger steps = new AtomicInteger();
    FaultyDisk disk =
        new FaultyDisk(
            (operation, file) -> {
              if (steps.getAndIncrement() >= crashAt) {
                throw new IOException("the machine is off");
              }
            });
    try {
      making.make(new TestPacks(disk, real.path));
      return false;
    } catch (IOException crash) {
      assertThat(crash).hasStackTraceContaining("the machine is off");
      return true;
    }
  }

  @Test
  void bothAreForcedBeforeEitherHasItsNameAndTheTwinsComesFirst() throws IOException {
    java.util.List<String> order = new java.util.ArrayList<>();
    FaultyDisk disk =
        new FaultyDisk((operation, file) -> order.add(operation + " " + file.getFileName()));
    new TestPacks(disk, path).write(1);
    assertThat(order.stream().filter(step -> !step.startsWith("WRITE")))
        .containsExactly(
            "CREATE 0000000001.jsonl.tmp",
            "CREATE 0000000001.jsonl.zst.tmp",
            "FORCE 0000000001.jsonl.zst.tmp",
            "FORCE 0000000001.jsonl.tmp",
            "RENAME 0000000001.jsonl.zst",
            "FORCE_FOLDER mirror",
            "RENAME 0000000001.jsonl",
            "FORCE_FOLDER packs");
  }

  @Test
  void aFailureOtherThanACrashRemovesWhatWasBegun() throws IOException {
    for (FaultyDisk.Operation operation :
        Arrays.asList(
            FaultyDisk.Operation.CREATE, FaultyDisk.Operation.WRITE, FaultyDisk.Operation.FORCE)) {
      for (String name : List.of(".jsonl.tmp", ".zst.tmp")) {
        FaultyDisk full =
            new FaultyDisk(
                (o, file) -> {
                  if (o == operation && file.toString().endsWith(name)) {
                    throw new IOException("No space left on device");
                  }
                });
        assertThatThrownBy(() -> new TestPacks(full, path).write(1, entries()))
            .isInstanceOf(IOException.class)
            .hasStackTraceContaining("No space left");
        assertThat(path.resolve("packs")).isEmptyDirectory();
        assertThat(path.resolve("mirror")).isEmptyDirectory();
      }
    }
  }

  @Test
  void aFailureOfTheOtherThreadIsToldByTheWriter() throws IOException {
    AtomicInteger writes = new AtomicInteger();
    FaultyDisk once =
        new FaultyDisk(
            (operation, file) -> {
              if (operation == FaultyDisk.Operation.WRITE && writes.getAndIncrement() == 0) {
                throw new IOException("No space left on device");
              }
            });
    assertThatThrownBy(() -> new TestPacks(once, path).write(1, entries()))
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(Disk.isFull((IOException) e)).isTrue());
    assertThat(path.resolve("packs")).isEmptyDirectory();
  }
}
