package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.CheckReport;
import dev.torpor.store.CheckReport.Found;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.pack.PackDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where both manifests are lost, a start finds out from packs and segments what they said. */
class ManifestRebuildTest {
  @TempDir private Path path;
  private StateFolder folder;
  private List<Entry> before;
  private String store;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = new StateFolder(path.resolve("state"));
    try (FileStore store = open(folder)) {
      commit(store, created("alice")); // 1
      commit(store, appended("alice", 2, 0));
      store.checkpoint(); // pack 1: (0, 2]
      commit(store, created("bob")); // 3
      commit(store, appended("alice", 3, 1));
      store.checkpoint(); // pack 2: (2, 4]
      commit(store, appended("alice", 4, 2)); // 5
      store.checkpoint(); // pack 3: (4, 5]
      commit(store, appended("bob", 2, 0)); // 6, in the journal alone
      before = entries(store);
    }
    store = store(folder);
  }

  private static String store(StateFolder folder) throws IOException {
    String manifest = Files.readString(folder.main());
    return manifest.replaceAll("(?s).*\"store\":\"([^\"]+)\".*", "$1");
  }

  private static FileStore open(StateFolder folder) {
    return open(Disk.real(), folder);
  }

  private static FileStore open(Disk disk, StateFolder folder) {
    return FileStore.open(
        disk,
        folder.path(),
        new dev.torpor.store.JsonStateSerializer(),
        dev.torpor.store.StateValidator.INVARIANTS,
        java.time.Clock.systemUTC(),
        SMALL,
        DocumentedStore.HOURLY);
  }

  private void loseManifests() throws IOException {
    Files.delete(folder.main());
    Files.write(folder.backup(), new byte[10]);
  }

  private Path pack(int number) {
    return folder.path().resolve("packs/%010d.jsonl".formatted(number));
  }

  private Path twin(int number) {
    return folder.path().resolve("mirror/%010d.jsonl.zst".formatted(number));
  }

  /** Opens it: all is there, and what was told is healed. */
  private List<Damage> assertRebuilt() throws IOException {
    CheckReport report = DocumentedStore.verify(folder);
    assertThat(report.damaged()).isNotEmpty().allMatch(Found::healable);
    List<Damage> damaged;
    try (FileStore opened = open(folder)) {
      damaged = opened.recovery().damaged();
      assertThat(damaged).isNotEmpty().allMatch(Damage::healed);
      assertThat(damaged.getFirst().file()).isEqualTo("system/metadata.json");
      assertThat(entries(opened)).isEqualTo(before);
    }
    assertThat(store(folder)).isEqualTo(store);
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
    return damaged;
  }

  @Test
  void allIsThereAgainByPacksAndSegments() throws IOException {
    loseManifests();
    assertThat(assertRebuilt().getFirst().what()).contains("3 packs", "the store's id is theirs");
    assertThat(folder.path().resolve("quarantine/system/metadata.backup.json")).exists();
  }

  @Test
  void aPackWithoutAGoodTwinOrTheOtherWayRoundIsHealedToo() throws IOException {
    Files.delete(pack(1));
    StateFolder.flip(twin(2), 40);
    loseManifests();
    assertThat(assertRebuilt())
        .extracting(Damage::file)
        .contains("packs/0000000001.jsonl", "mirror/0000000002.jsonl.zst");
  }

  @Test
  void ofPacksThatBeginTogetherTheWidestCountsAndOfEqualOnesTheNewest() throws IOException {
    Path kept = path.resolve("kept");
    new StateFolder(folder.path()).copy(kept);
    try (FileStore merging = open(folder)) {
      for (int i = 0; i < 6; i++) {
        merging.checkpoint();
        commit(merging, appended("bob", 3 + i, 1 + i));
      }
      merging.checkpoint();
      merging.upkeep().merge();
      before = entries(merging);
      assertThat(merging.stats().packs()).isLessThan(4);
    }
    for (String name : List.of("packs", "mirror")) { // as if a merge could not remove its sources
      try (var files = Files.list(kept.resolve(name))) {
        for (Path file : files.toList()) {
          Files.copy(
              file,
              folder.path().resolve(name).resolve(file.getFileName()),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    loseManifests();
    assertRebuilt();
  }

  @Test
  void aGapIsToldAndWhoHasNotAllIsDamaged() throws IOException {
    Files.delete(pack(2));
    Files.delete(twin(2));
    loseManifests();
    CheckReport report = DocumentedStore.verify(folder);
    assertThat(report.damaged())
        .extracting(found -> found.damage().sequenceNumbers())
        .contains(new Range(3, 4L));
    try (FileStore opened = open(folder)) {
      assertThat(opened.recovery().damaged())
          .anySatisfy(
              damage -> {
                assertThat(damage.sequenceNumbers()).isEqualTo(new Range(3, 4L));
                assertThat(damage.healed()).isFalse();
              })
          .anySatisfy(damage -> assertThat(damage.agent()).isEqualTo("alice"))
          .anySatisfy(damage -> assertThat(damage.agent()).isEqualTo("bob"));
      assertThat(entries(opened))
          .extracting(Entry::key)
          .contains(
              Keys.status(AgentStatus.DAMAGED) + "alice", Keys.status(AgentStatus.DAMAGED) + "bob");
    }
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
  }

  @Test
  void aCrashAnywhereBeforeAGapIsDealtWithLeavesItToBeTold() throws IOException {
    try (FileStore packed = open(folder)) {
      packed.checkpoint(); // so that nothing in the journal shows that something is missing
    }
    Files.delete(pack(2));
    Files.delete(twin(2));
    loseManifests();
    int toldByAManifest = 0;
    for (int step = 0; ; step++) {
      StateFolder own = folder.copy(path.resolve("crash" + step));
      AtomicInteger left = new AtomicInteger(step);
      Disk crashing =
          new FaultyDisk(
              (operation, file) -> {
                if (left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      boolean crashed = false;
      try {
        open(crashing, own).close();
      } catch (StoreException e) {
        crashed = true;
      }
      if (!crashed && left.get() > 0) {
        break;
      }
      boolean isThere = toldGap(DocumentedStore.verify(own));
      toldByAManifest += isThere && Files.exists(own.main()) ? 1 : 0;
      try (FileStore opened = open(own)) {
        assertThat(opened.recovery().damaged().stream().anyMatch(this::isGap))
            .as("step %d", step)
            .isEqualTo(isThere);
        assertThat(entries(opened))
            .as("step %d", step)
            .extracting(Entry::key)
            .contains(Keys.status(AgentStatus.DAMAGED) + "alice");
      }
      assertThat(DocumentedStore.verify(own).damaged()).as("step %d", step).isEmpty();
    }
    assertThat(toldByAManifest).isGreaterThan(3);
  }

  private boolean isGap(Damage damage) {
    return new Range(3, 4L).equals(damage.sequenceNumbers());
  }

  private boolean toldGap(CheckReport report) {
    return report.damaged().stream().anyMatch(found -> isGap(found.damage()));
  }

  @Test
  void aScrubTellsAGapToo() throws IOException {
    Manifest manifest = Manifest.decoded(folder.main(), Files.readAllBytes(folder.main()));
    List<PackDescription> packs = new ArrayList<>(manifest.packs());
    packs.remove(1);
    Quarantine quarantine = new Quarantine(Disk.real(), folder.path());
    Path system = folder.path().resolve("system");
    Manifests.rewrite(Disk.real(), system, manifest.with(manifest.segments(), packs), quarantine);
    Manifests manifests = Manifests.read(Disk.real(), system, true);
    Scrub scrub =
        new Scrub(List.of(new ManifestScrub(manifests, quarantine)), ScrubOptions.DEFAULT);
    scrub.run();
    assertThat(scrub.report().damaged())
        .singleElement()
        .satisfies(d -> assertThat(isGap(d)).isTrue());
    folder.assertUnchangedAndRefused(Reason.DAMAGED); // by who only reads
  }

  @Test
  void aPackOfWhichNeitherCopyIsWholeIsToldAndKept() throws IOException {
    StateFolder.flip(pack(3), 90);
    Files.delete(twin(3));
    loseManifests();
    try (FileStore opened = open(folder)) {
      assertThat(opened.recovery().damaged())
          .filteredOn(damage -> !damage.healed())
          .extracting(Damage::file)
          .containsExactly("packs/0000000003.jsonl");
      assertThat(entries(opened)).as("by the journal").isEqualTo(before);
    }
    assertThat(folder.path().resolve("quarantine/packs/0000000003.jsonl")).exists();
  }

  @Test
  void thereMustBeSomethingGoodToGoBy() throws IOException {
    loseManifests();
    for (String name : List.of("packs", "mirror", "journal")) {
      try (var files = Files.list(folder.path().resolve(name))) {
        for (Path file : files.toList()) {
          Files.write(file, new byte[100]);
        }
      }
    }
    Map<String, String> bytes = folder.bytes();
    refused(Reason.DAMAGED, () -> open(folder).close());
    assertThat(folder.bytes()).isEqualTo(bytes);
    assertThat(DocumentedStore.verify(folder).damaged())
        .extracting(Found::healable)
        .containsExactly(false);
  }

  @Test
  void thingsOfSeveralStoresAreRefused() throws IOException {
    StateFolder other = new StateFolder(path.resolve("other"));
    try (FileStore another = open(other)) {
      commit(another, created("zoe"));
      another.checkpoint();
    }
    Files.copy(other.path().resolve("packs/0000000001.jsonl"), pack(9));
    loseManifests();
    Map<String, String> bytes = folder.bytes();
    assertThat(refused(Reason.DAMAGED, () -> open(folder).close()))
        .hasMessageContaining("several stores");
    assertThat(folder.bytes()).isEqualTo(bytes);
  }

  @Test
  void whoOnlyReadsIsRefusedAndChangesNothing() throws IOException {
    loseManifests();
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void theIdIsThatOfDocumentsWhereNothingElseHasIt() throws IOException {
    StateFolder alone = new StateFolder(path.resolve("documented"));
    try (FileStore documented = DocumentedStore.open(alone)) {
      commit(documented, created("alice"));
      documented.begin();
      documented.documents().complete();
    }
    store = store(alone);
    folder = alone;
    try (var files = Files.list(alone.path().resolve("packs"))) {
      for (Path file : files.toList()) {
        StateFolder.flip(file, 3); // its first line says whose it is
      }
    }
    loseManifests();
    CheckReport report = DocumentedStore.verify(folder);
    assertThat(report.damaged().getFirst().damage().what()).contains("is theirs"); // by its twin
    try (FileStore opened = DocumentedStore.open(alone)) {
      assertThat(opened.recovery().damaged()).allMatch(Damage::healed);
    }
    assertThat(store(alone)).isEqualTo(store);
  }
}
