package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Entry;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.document.DocumentOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the disk does not give back, as opposed to what it gives back wrong. */
class UnreadableFilesTest {
  @TempDir private Path path;
  private final FaultyDisk disk = new FaultyDisk((operation, file) -> {});
  private StateFolder folder;
  private List<Entry> before;

  @BeforeEach
  void fill() {
    folder = new StateFolder(path.resolve("state"));
    try (FileStore store = open()) {
      commit(store, created("alice"));
      for (int i = 0; i < 80; i++) {
        commit(store, appended("alice", i + 2L, i, "x".repeat(1000)));
      }
      store.checkpoint();
      commit(store, created("bob"));
      before = entries(store);
    }
  }

  private FileStore open() {
    return FileStore.open(
        disk,
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        SMALL,
        DocumentedStore.HOURLY,
        DocumentOptions.DEFAULT);
  }

  private Path file(String name) {
    return folder.path().resolve(name);
  }

  private void unreadable(String name, long from) {
    Path bad = file(name);
    FaultyDisk.Unreadable others = disk.unreadable();
    disk.setUnreadable(
        (file, position) -> others.at(file, position) || (file.equals(bad) && position >= from));
  }

  /** Opens it: nothing is lost, and what was told is healed. */
  private void assertHealed(String file) throws IOException {
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      store.upkeep().scrub();
      List<Damage> told =
          Stream.concat(store.recovery().damaged().stream(), store.scrub().damaged().stream())
              .toList();
      assertThat(told)
          .singleElement()
          .satisfies(
              damage -> {
                assertThat(damage.file()).isEqualTo(file);
                assertThat(damage.what()).contains("Input/output error");
                assertThat(damage.healed()).isTrue();
              });
    }
    disk.setUnreadable((bad, position) -> false);
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20_000, 80_000})
  void aPackIsMadeAnewFromItsTwin(long from) throws Exception {
    unreadable("packs/0000000001.jsonl", from);
    assertHealed("packs/0000000001.jsonl");
    assertThat(file("quarantine/packs/0000000001.jsonl")).exists();
  }

  @Test
  void aPackIsMadeAnewWhileTheStoreIsOpenToo() {
    try (FileStore store = open()) {
      unreadable("packs/0000000001.jsonl", 20_000);
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.scrub().damaged())
          .singleElement()
          .satisfies(damage -> assertThat(damage.healed()).isTrue());
    }
  }

  @Test
  void aTwinIsMadeAnewFromItsPack() throws Exception {
    unreadable("mirror/0000000001.jsonl.zst", 0);
    assertHealed("mirror/0000000001.jsonl.zst");
  }

  @ParameterizedTest
  @ValueSource(strings = {"system/metadata.json", "system/metadata.backup.json"})
  void oneManifestIsMadeAnewFromTheOther(String name) throws Exception {
    unreadable(name, 0);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged())
          .singleElement()
          .satisfies(damage -> assertThat(damage.what()).contains("Input/output error"));
      store.upkeep().scrub(); // it still cannot be read
      assertThat(store.scrub().damaged()).extracting(Damage::file).containsExactly(name);
    }
  }

  @Test
  void noManifestIsMadeAnewOfOtherThingsWhileOneMayStillBeGood() throws Exception {
    unreadable("system/metadata.json", 0);
    Files.write(file("system/metadata.backup.json"), new byte[9]);
    Map<String, String> bytes = folder.bytes();
    assertThat(refused(Reason.UNUSABLE, () -> open().close()))
        .hasMessageContaining("Input/output error");
    assertThat(folder.bytes()).isEqualTo(bytes);
  }

  @Test
  void whereNeitherPackNorTwinCanBeReadToItsEndWhatIsBeforeIsSaved() throws Exception {
    unreadable("packs/0000000001.jsonl", 40_000);
    unreadable("mirror/0000000001.jsonl.zst", 0);
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged())
          .anySatisfy(damage -> assertThat(damage.agent()).isEqualTo("alice"));
      assertThat(entries(store)).extracting(Entry::key).contains("bob/session");
    }
    disk.setUnreadable((bad, position) -> false);
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
    assertThat(file("quarantine/packs/0000000001.jsonl")).exists();
  }

  @Test
  void documentsKeepNobodyFromStarting() throws Exception {
    try (FileStore store = open()) {
      store.begin();
      store.checkpoint();
    }
    unreadable("system/documents.json", 0);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
    }
    disk.setUnreadable((file, position) -> file.startsWith(file("agents")));
    Files.delete(file("agents/alice.json"));
    Files.delete(file("agents/bob.json"));
    Files.deleteIfExists(file("agents/user.json"));
    Files.delete(file("agents"));
    Files.writeString(file("agents"), "no folder");
    Files.delete(file("system/documents.json"));
    Files.createDirectory(file("system/documents.json"));
    try (FileStore store = open()) {
      store.begin();
      commit(store, created("carl"));
      assertThat(entries(store)).extracting(Entry::key).contains("carl/session");
    }
  }
}
