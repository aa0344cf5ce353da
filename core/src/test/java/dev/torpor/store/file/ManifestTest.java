package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.checksum;
import static dev.torpor.store.file.StateFolder.flip;
import static dev.torpor.store.file.StateFolder.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.journal.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifest and its backup: each byte of each, and both. */
class ManifestTest {

  private StateFolder folder;
  private Path system;

  @BeforeEach
  void makeManifests(@TempDir Path path) throws IOException {
    folder = new StateFolder(path.resolve("state"));
    system = folder.path().resolve("system");
    Manifests manifests = Manifests.open(Disk.real(), system, false);
    manifests.add(new Segment(1, 16384));
    manifests.add(new Segment(2, 16384));
    manifests.add(new Segment(2, 16384));
    manifests.remove(List.of());
    assertThat(manifests.current().generation()).isEqualTo(3);
  }

  private Manifests open() throws IOException {
    return Manifests.open(Disk.real(), system, true);
  }

  @Test
  void bothHoldTheSameBytesOfOneReadableLine() throws IOException {
    String text = Files.readString(folder.main());
    assertThat(text)
        .startsWith("{\"_checksum\":\"")
        .contains("\"generation\":3,\"format\":1,\"store\":\"")
        .contains("\"segments\":[{\"number\":1,\"size\":16384},{\"number\":2,\"size\":16384}]")
        .endsWith("}\n");
    assertThat(text.lines()).hasSize(1);
    String covered = text.substring(text.indexOf(',') + 1, text.length() - 1);
    assertThat(text).contains(checksum(covered));
    assertThat(Files.readString(folder.backup())).isEqualTo(text);
  }

  @Test
  void aByteThatChangedAnywhereMakesItNoManifest() throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = good.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThat(Manifest.decoded(changed)).as("byte %d, bit %d", at, bit).isNull();
      }
    }
  }

  @Test
  void aByteThatChangedInEitherIsHealedFromTheOtherAndReported() throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      for (int at = 0; at < good.length; at += 20) { // the test above has them all
        flip(file, at);
        Manifests manifests = open();
        assertThat(manifests.damages())
            .as("byte %d", at)
            .containsExactly(
                new Damage("system/" + file.getFileName(), null, "its checksum is wrong", true));
        assertThat(manifests.current().segments()).hasSize(2);
        assertThat(Files.readAllBytes(file)).isEqualTo(good);
      }
    }
  }

  @Test
  void aFileThatWasCutOffAtAnyLengthIsNoManifest() throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    assertThat(Manifest.decoded(good)).isNotNull();
    for (int length = 0; length < good.length; length++) {
      assertThat(Manifest.decoded(Arrays.copyOf(good, length))).as("length %d", length).isNull();
    }
  }

  @Test
  void bothDamagedIsDamageAndNothingIsChanged() throws IOException {
    flip(folder.main(), 40);
    flip(folder.backup(), 50);
    assertThat(folder.assertUnchangedAndRefused(Reason.DAMAGED))
        .hasMessageContaining("metadata.json and its backup are damaged or missing");
  }

  @Test
  void oneDamagedAndTheOtherMissingIsDamageEvenWithoutAJournal() throws IOException {
    flip(folder.main(), 40);
    Files.delete(folder.backup());
    folder.assertUnchangedAndRefused(Reason.DAMAGED);
  }

  @Test
  void aMissingOneIsWrittenAgain() throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      Files.delete(file);
      assertThat(open().current().segments()).hasSize(2);
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
  }

  @Test
  void theOlderGenerationLosesWhicheverItIs() throws IOException {
    byte[] old = Files.readAllBytes(folder.main());
    Manifests manifests = open();
    manifests.remove(List.of(new Segment(1, 16384)));
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      Files.write(file, old);
      Manifests opened = open();
      assertThat(opened.current().segments()).containsExactly(new Segment(2, 16384));
      assertThat(opened.damages()).as("a crash explains it").isEmpty();
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }
  }

  @Test
  void aNewerFormatIsRefusedInWordsAndNothingIsChanged() throws IOException {
    byte[] newer =
        signed(
            "\"generation\":9,\"format\":2,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\","
                + "\"segments\":[],\"packs\":[1]}");
    Files.write(folder.main(), newer);
    assertThat(folder.assertUnchangedAndRefused(Reason.UNUSABLE))
        .hasMessageContaining("is of format 2, newer than this Torpor's 1; use a newer Torpor");
    Files.write(folder.backup(), newer);
    folder.assertUnchangedAndRefused(Reason.UNUSABLE);
  }

  @Test
  void aGoodChecksumOverSomethingElseIsNoManifest() {
    assertThat(Manifest.decoded(signed("\"generation\":\"many\"}"))).isNull();
    assertThat(Manifest.decoded(signed("\"segments\":[}"))).isNull();
  }

  @Test
  void aFileOfAnotherFormatThatIsTooLargeIsNotRead() throws IOException {
    try (var file = new java.io.RandomAccessFile(folder.main().toFile(), "rw")) {
      file.setLength((64 << 20) + 1);
    }
    assertThat(refused(Reason.UNUSABLE, () -> folder.open().close())).hasMessageContaining("limit");
  }

  private static byte[] signed(String rest) {
    return "{\"_checksum\":\"%s\",%s\n".formatted(checksum(rest), rest).getBytes(UTF_8);
  }
}
