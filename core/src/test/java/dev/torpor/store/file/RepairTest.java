package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.flip;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is damaged while closed is repaired, and then it is whole. */
class RepairTest {
  private static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1));

  @TempDir private Path path;
  private StateFolder original;
  private int copies;

  @BeforeEach
  void makeStore() {
    original = new StateFolder(path.resolve("state"));
    try (FileStore store = open(original)) {
      commit(store, created("alice"));
      commit(store, appended("alice", 2, 0));
      store.checkpoint();
      commit(store, created("bob"));
      store.checkpoint();
      commit(store, appended("alice", 3, 1));
      commit(store, appended("bob", 2, 0));
    }
  }

  private static FileStore open(StateFolder folder) {
    return FileStore.open(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        HOURLY);
  }

  private static CheckReport verify(StateFolder folder) {
    return FileStore.verify(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        CheckProgress.NONE);
  }

  private static RepairReport repair(StateFolder folder) {
    return FileStore.repair(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        CheckProgress.NONE);
  }

  private StateFolder copy() throws IOException {
    return original.copy(path.resolve("copy" + copies++));
  }

  private List<Path> files(String name) throws IOException {
    try (var files = Files.list(original.path().resolve(name))) {
      return files.sorted().toList();
    }
  }

  private void assertHealed(StateFolder folder, Path file, String as) {
    RepairReport report = repair(folder);
    assertThat(report.damaged()).as(as).isNotEmpty().allMatch(Damage::healed);
    assertThat(report.damaged())
        .as(as)
        .extracting(Damage::file)
        .contains(Told.name(folder.path().resolve(file)));
    assertThat(report.isWhole()).as(as).isTrue();
    assertThat(verify(folder).isClean()).as(as).isTrue();
    assertThat(verify(folder).entries()).as(as).isEqualTo(verify(original).entries());
  }

  @Test
  void aWholeFolderStaysWhole() throws IOException {
    StateFolder folder = copy();
    RepairReport report = repair(folder);
    assertThat(report.damaged()).isEmpty();
    assertThat(report.isWhole()).isTrue();
    assertThat(folder.path().resolve("quarantine")).doesNotExist();
  }

  @Test
  void anyByteOfAPackTwinOrManifestThatChangesIsHealed() throws IOException {
    for (String name : List.of("packs", "mirror", "system")) {
      for (Path file : files(name)) {
        Path in = original.path().relativize(file);
        for (int at = 0; at < Files.size(file); at += 31) {
          StateFolder folder = copy();
          flip(folder.path().resolve(in), at);
          assertHealed(folder, in, in + " at " + at);
        }
      }
    }
  }

  @Test
  void anyPackTwinOrManifestThatIsGoneOrCutOffIsHealed() throws IOException {
    for (String name : List.of("packs", "mirror", "system")) {
      for (Path file : files(name)) {
        Path in = original.path().relativize(file);
        byte[] good = Files.readAllBytes(file);
        for (int length = -1; length < good.length; length += length < 0 ? 1 : 301) {
          StateFolder folder = copy();
          Path damaged = folder.path().resolve(in);
          if (length < 0) {
            Files.delete(damaged);
          } else {
            Files.write(damaged, Arrays.copyOf(good, length));
          }
          assertHealed(folder, in, in + " of " + length);
        }
      }
    }
  }

  @Test
  void aDamagedHeaderOfTheJournalGoesWithItsSegment() throws IOException {
    StateFolder folder = copy();
    folder.flip(1, "\"segment\":1");
    Path segment = original.path().relativize(original.segment(1));
    assertHealed(folder, segment, "header");
    assertThat(folder.path().resolve("quarantine").resolve(segment)).exists();
  }

  @Test
  void anOpenStoreIsRepairedAtOnce() throws IOException {
    try (FileStore store = open(original)) {
      flip(files("packs").getFirst(), 100);
      RepairReport report = store.repair(StateValidator.INVARIANTS, CheckProgress.NONE);
      assertThat(report.damaged()).hasSize(1).allMatch(Damage::healed);
      assertThat(report.isWhole()).isTrue();
    }
  }

  @Test
  void onlyTheDamagedFileOfAPairGoesToQuarantine() throws IOException {
    String pack = "packs/0000000001.jsonl";
    String twin = "mirror/0000000001.jsonl.zst";
    for (String damaged : List.of(pack, twin)) {
      StateFolder repaired = copy();
      flip(repaired.path().resolve(damaged), 50);
      assertThat(repair(repaired).isWhole()).isTrue();
      assertOnly(damaged, damaged.equals(pack) ? twin : pack, repaired);
      StateFolder started = copy();
      Path file = started.path().resolve(damaged);
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 60)); // what a start notices
      open(started).close();
      assertOnly(damaged, damaged.equals(pack) ? twin : pack, started);
      StateFolder scrubbed = copy();
      try (FileStore store = open(scrubbed)) {
        flip(scrubbed.path().resolve(damaged), 50);
        store.upkeep().scrub();
      }
      assertOnly(damaged, damaged.equals(pack) ? twin : pack, scrubbed);
    }
  }

  private static void assertOnly(String damaged, String good, StateFolder folder) {
    assertThat(folder.path().resolve("quarantine").resolve(damaged)).exists();
    assertThat(folder.path().resolve("quarantine").resolve(good)).doesNotExist();
    assertThat(folder.path().resolve(damaged)).doesNotExist();
    assertThat(folder.path().resolve(good)).doesNotExist();
  }

  @Test
  void aPlaceWithoutAStoreIsRefusedAndNothingIsMade() {
    StateFolder nowhere = new StateFolder(path.resolve("nowhere"));
    refused(Reason.UNUSABLE, () -> repair(nowhere));
    assertThat(nowhere.path()).doesNotExist();
  }
}
