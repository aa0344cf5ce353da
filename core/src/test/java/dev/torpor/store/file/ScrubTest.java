package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.flip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes on disk while a store is open is found and healed, and nothing is lost. */
class ScrubTest {
  private static final ScrubOptions FAST = new ScrubOptions(1L << 40, Duration.ofHours(1));
  private static final PackOptions HOURLY = PackOptions.every(Duration.ofHours(1)).with(FAST);

  @TempDir private Path path;
  private StateFolder folder;
  private final FaultyDisk disk = new FaultyDisk((operation, file) -> {});
  private int messages;

  @BeforeEach
  void makeFolder() {
    folder = new StateFolder(path.resolve("state"));
  }

  private FileStore open(PackOptions packs) {
    return FileStore.open(
        disk,
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        StateFolder.SMALL,
        packs);
  }

  /** A store with a pack, and a commit behind it. */
  private FileStore opened() {
    FileStore store = open(HOURLY);
    await().until(() -> store.stats().journalSegments() == 3); // or it writes manifests meanwhile
    commit(store, created("alice"));
    append(store, 5);
    store.checkpoint();
    append(store, 1);
    return store;
  }

  /** Waits until nobody writes a file any more: the journal's next segments are named in it. */
  private static void awaitSettled(Path file) throws Exception {
    byte[] before = {};
    byte[] now = Files.readAllBytes(file);
    while (!Arrays.equals(before, now)) {
      Thread.sleep(300);
      before = now;
      now = Files.readAllBytes(file);
    }
  }

  private void append(FileStore store, int count) {
    for (int i = 0; i < count; i++) {
      store.awaitDurable(commit(store, appended("alice", messages + 2L, messages++)));
    }
  }

  private Path only(String name) throws IOException {
    try (var files = Files.list(folder.path().resolve(name))) {
      return files.toList().getFirst();
    }
  }

  private static List<Damage> scrub(FileStore store) throws IOException {
    int before = store.scrub().damaged().size();
    store.upkeep().scrub();
    List<Damage> damaged = store.scrub().damaged();
    return damaged.subList(before, damaged.size());
  }

  private static Damage found(FileStore store) throws IOException {
    List<Damage> found = scrub(store);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  /** What comes out of it all: nothing is lost, and nothing is damaged any more. */
  private void assertHealthy(FileStore store) throws IOException {
    assertThat(scrub(store)).isEmpty();
    List<Entry> before = entries(store);
    store.close();
    try (FileStore again = open(HOURLY)) {
      assertThat(again.recovery().damaged()).isEmpty();
      assertThat(entries(again)).isEqualTo(before);
      String last = "alice/message/%010d".formatted(messages - 1);
      assertThat(before).extracting(Entry::key).contains(last);
    }
  }

  @Test
  void aHealthyStoreIsReadAndNothingIsFound() throws IOException {
    FileStore store = opened();
    assertThat(store.scrub().passes()).isZero();
    assertThat(scrub(store)).isEmpty();
    assertThat(store.scrub().passes()).isEqualTo(1);
    assertThat(store.scrub().progress()).isEqualTo(1);
    assertThat(folder.path().resolve("quarantine")).doesNotExist();
    store.close();
  }

  @Test
  void anyByteOfAPackOrTwinThatChangesIsFoundAndHealedByteForByte() throws IOException {
    FileStore store = opened();
    for (String name : List.of("packs", "mirror")) {
      byte[] good = Files.readAllBytes(only(name));
      for (int at = 0; at < good.length; at += at < 64 ? 1 : 7) {
        Path file = only(name);
        flip(file, at);
        Damage damage = found(store);
        assertThat(damage.healed()).isTrue();
        assertThat(damage.file()).isEqualTo(name + "/" + file.getFileName());
        assertThat(file).as("which is damaged").doesNotExist();
        assertThat(folder.path().resolve("quarantine").resolve(damage.file())).exists();
        assertThat(only(name)).hasBinaryContent(good);
      }
    }
    assertHealthy(store);
  }

  @Test
  void aPackOrTwinThatIsGoneOrOfAnotherLengthIsFoundAndHealed() throws IOException {
    FileStore store = opened();
    for (String name : List.of("packs", "mirror")) {
      byte[] good = Files.readAllBytes(only(name));
      for (int length = -1; length <= good.length + 1; length += length < 8 ? 1 : 53) {
        if (length < 0) {
          Files.delete(only(name));
        } else if (length != good.length) {
          Files.write(only(name), Arrays.copyOf(good, length));
        } else {
          continue;
        }
        assertThat(found(store).healed()).as("of %d bytes", length).isTrue();
        assertThat(only(name)).hasBinaryContent(good);
      }
    }
    assertHealthy(store);
  }

  @Test
  void aPackWhoseTwinIsDamagedTooIsToldOnceAndNothingIsTouched() throws IOException {
    FileStore store = opened();
    Path pack = only("packs");
    flip(pack, 300);
    flip(only("mirror"), 100);
    assertThat(scrub(store)).hasSize(2).noneMatch(Damage::healed);
    store.upkeep().scrub();
    assertThat(store.scrub().damaged()).hasSize(2);
    assertThat(pack).exists();
    store.close();
  }

  @Test
  void anyByteOfAManifestThatChangesIsFoundAndHealed() throws Exception {
    FileStore store = opened();
    awaitSettled(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      byte[] good = Files.readAllBytes(file);
      for (int at = 0; at < good.length; at += 3) {
        flip(file, at);
        assertThat(found(store))
            .isEqualTo(
                new Damage(
                    "system/" + file.getFileName(), null, "it is not what was written", true));
        assertThat(file).hasBinaryContent(good);
      }
      Files.delete(file);
      assertThat(found(store).what()).isEqualTo("it is missing");
      assertThat(file).hasBinaryContent(good);
    }
    assertHealthy(store);
  }

  @Test
  void anyByteOfTheSegmentThatIsWrittenIsFoundAndWhatItSaysIsPacked() throws IOException {
    FileStore store = opened();
    int length = Files.readString(written(store)).stripTrailing().length();
    for (int at = 0; at < length; at += 29) {
      Path segment = written(store);
      // The line of the mark may come behind the last commit, and is not looked at.
      int last = Files.readString(segment).lastIndexOf("\"changes\"");
      flip(segment, Math.min(at, last));
      Damage damage = found(store);
      assertThat(damage.healed()).as("byte %d: %s", at, damage).isTrue();
      assertThat(damage.file()).isEqualTo("journal/" + segment.getFileName());
      assertThat(folder.path().resolve("quarantine/journal").resolve(segment.getFileName()))
          .exists();
      append(store, 2);
      assertThat(written(store)).as("where the journal goes on").isNotEqualTo(segment);
      assertThat(scrub(store)).isEmpty();
      assertThat(segment).as("when it is not needed any more").doesNotExist();
    }
    assertHealthy(store);
  }

  @Test
  void aSegmentThatIsWrittenAndGoneOrCutOffIsLeftForANewOne() throws IOException {
    FileStore store = opened();
    for (int length : new int[] {-1, 0, 100, 1000}) {
      Path segment = written(store);
      damage(segment, length);
      assertThat(found(store).healed()).isTrue();
      append(store, 2);
      assertThat(written(store)).isNotEqualTo(segment);
    }
    assertHealthy(store);
  }

  @Test
  void aSegmentThatIsReadyAndGoneOrCutOffIsNotUsed() throws IOException {
    FileStore store = opened();
    for (int length : new int[] {-1, 0, 100}) {
      await().until(() -> store.stats().journalSegments() >= 3);
      Path ready = segments().getLast();
      damage(ready, length);
      assertThat(found(store).healed()).isTrue();
      append(store, 30);
      if (Files.exists(ready)) {
        assertThat(Files.size(ready)).isEqualTo(length);
        assertThat(ready).as("which is not written to").content().isBlank();
      }
    }
    assertHealthy(store);
  }

  private static void damage(Path file, int length) throws IOException {
    if (length < 0) {
      Files.delete(file);
    } else {
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }
  }

  private List<Path> segments() throws IOException {
    try (var files = Files.list(folder.path().resolve("journal"))) {
      return files.filter(file -> file.toString().endsWith("l")).sorted().toList();
    }
  }

  /** The last segment that has lines. */
  private Path written(FileStore store) throws IOException {
    Path last = null;
    for (Path segment : segments()) {
      last = Files.readString(segment).isBlank() ? last : segment;
    }
    assertThat(last).as("a segment of %s", store.stats()).isNotNull();
    return last;
  }

  @Test
  void aClosedSegmentIsFoundDamagedAndGoesToQuarantine() throws IOException {
    FileStore store = opened();
    append(store, 120);
    Path segment = segments().getFirst();
    flip(segment, (int) Files.size(segment) / 2);
    byte[] asFound = Files.readAllBytes(segment);
    assertThat(found(store).healed()).isTrue();
    assertThat(segment).doesNotExist();
    assertThat(folder.path().resolve("quarantine/journal").resolve(segment.getFileName()))
        .hasBinaryContent(asFound);
    assertHealthy(store);
  }

  @Test
  void whatCannotBeHealedIsToldAndTriedAgain() throws IOException {
    FileStore store = opened();
    Path pack = only("packs");
    Path segment = written(store);
    flip(pack, 100);
    flip(segment, 300);
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.CREATE && file.toString().endsWith(".tmp")) {
            throw new IOException("no space left on device");
          }
        });
    assertThat(scrub(store)).hasSize(2).noneMatch(Damage::healed);
    disk.setFault((operation, file) -> {});
    store.upkeep().scrub();
    assertThat(store.scrub().damaged()).hasSize(2).allMatch(Damage::healed);
    append(store, 1);
    assertHealthy(store);
  }

  @Test
  void itComesByItselfAndFindsNothingWhereMergesAndCheckpointsOnlyTidyUp() throws IOException {
    try (FileStore store =
        open(
            new PackOptions(Duration.ofMillis(5), 64 << 10, 1)
                .with(new ScrubOptions(1L << 40, Duration.ofNanos(1))))) {
      store.begin();
      commit(store, created("alice"));
      while (store.scrub().passes() < 50 || store.appended() < 2000) {
        append(store, 1);
      }
      assertThat(store.scrub().damaged()).isEmpty();
    }
    FileStore store = open(HOURLY);
    assertHealthy(store);
  }

  @Test
  void itKeepsToItsRateAndEndsWithTheStore() throws IOException {
    FileStore store = opened();
    store.close();
    long bytes = Files.size(only("packs")) + Files.size(only("mirror")) + (16 << 10);
    long began = System.nanoTime();
    ScrubOptions slow = new ScrubOptions(4 * bytes, Duration.ofHours(1));
    try (FileStore slowly = open(HOURLY.with(slow))) {
      slowly.upkeep().scrub();
      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(240));
    }
    ScrubOptions slowest = new ScrubOptions(1, Duration.ofHours(1));
    began = System.nanoTime();
    try (FileStore never = open(HOURLY.with(slowest))) {
      never.begin();
      await().until(() -> never.scrub().progress() > 0);
      assertThat(never.scrub().progress()).isLessThan(1);
      assertThat(never.scrub().passes()).isZero();
    }
    assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(10));
  }
}
