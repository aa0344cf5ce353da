package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static dev.torpor.store.file.StateFolder.flip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Entry;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packs and twins that a start finds damaged, missing, or left over. */
class PacksAtStartTest extends CheckpointRig {
  @Test
  void aDamagedPackIsHealedFromItsTwinWithNothingLost() throws Exception {
    List<Entry> before = packed();
    Path damaged = files("packs").getFirst();
    flip(damaged, (int) Files.size(damaged) / 3);
    byte[] asFound = Files.readAllBytes(damaged);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      RecoveryReport.Damage told = store.recovery().damaged().getFirst();
      assertThat(told.file()).isEqualTo("packs/" + damaged.getFileName());
      assertThat(told.healed()).isTrue();
    }
    assertThat(folder.path().resolve("quarantine/packs").resolve(damaged.getFileName()))
        .hasBinaryContent(asFound);
    try (FileStore store = open()) {
      assertThat(store.recovery().damaged()).isEmpty();
      assertThat(entries(store)).isEqualTo(before);
      assertThat(files("packs")).hasSize(2);
    }
  }

  @Test
  void aMissingPackIsHealedToo() throws Exception {
    List<Entry> before = packed();
    Files.delete(files("packs").getLast());
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged()).hasSize(1);
    }
  }

  @Test
  void aPackThatIsDamagedInBothCopiesIsToldByName() throws Exception {
    packed();
    for (String name : List.of("packs", "mirror")) {
      Path file = files(name).getFirst();
      flip(file, (int) Files.size(file) / 2);
    }
    try (FileStore store = open()) { // whose journal goes on with what is in that pack
      assertThat(store.recovery().damaged().getFirst().file()).isEqualTo("packs/0000000001.jsonl");
      assertThat(store.recovery().damaged()).anyMatch(damage -> "alice".equals(damage.agent()));
      assertThat(entries(store)).anyMatch(entry -> entry.key().equals("alice/loss"));
    }
  }

  @Test
  void whatACrashLeftInTheFoldersOfPacksIsRemovedAndTold() throws Exception {
    packed();
    List<String> left = new ArrayList<>();
    for (String name :
        List.of(
            "packs/0000000009.jsonl",
            "packs/0000000010.jsonl.tmp",
            "mirror/0000000009.jsonl.zst")) {
      Files.writeString(folder.path().resolve(name), "half");
      left.add(name);
    }
    try (FileStore store = open()) {
      assertThat(store.recovery().removed()).containsAll(left);
      commit(store, created("bob"));
      store.checkpoint();
    }
    assertThat(files("packs")).hasSize(3);
    assertThat(files("packs").getLast()).hasFileName("0000000011.jsonl");
  }

  @Test
  void packsThatNoManifestIsLeftOfAreNotTakenForLeftovers() throws Exception {
    packed();
    for (String name : List.of("system", "journal")) {
      for (Path file : files(name)) {
        Files.delete(file);
      }
    }
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void aMissingTwinIsMadeAnew() throws Exception {
    List<Entry> before = packed();
    Path missing = files("mirror").getFirst();
    Files.delete(missing);
    try (FileStore store = open()) {
      RecoveryReport.Damage told = store.recovery().damaged().getFirst();
      assertThat(told.file()).isEqualTo("mirror/" + missing.getFileName());
      assertThat(told.healed()).isTrue();
    }
    assertThat(files("mirror")).hasSize(2);
    Path pack = files("packs").getLast(); // the one that was made anew
    flip(pack, (int) Files.size(pack) / 2);
    try (FileStore store = open()) {
      assertThat(entries(store)).isEqualTo(before);
    }
  }

  @Test
  void aMissingTwinThatCannotBeMadeAnewStopsNothing() throws Exception {
    List<Entry> before = packed();
    Files.delete(files("mirror").getFirst());
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE && file.toString().contains("mirror")) {
            throw new IOException("No space left on device");
          }
        });
    try (FileStore store = open(disk, SMALL)) {
      assertThat(entries(store)).isEqualTo(before);
      assertThat(store.recovery().damaged().getFirst().healed()).isFalse();
    }
  }
}
