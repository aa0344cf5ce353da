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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifest and its backup: each byte of each, and both. */
class ManifestTest {

  private StateFolder folder;
  private Path system;

  @BeforeEach
  void makeManifests(@TempDir Path path) throws IOException {
    folder = new StateFolder(path.resolve("state"));
    system = folder.path().resolve("system");
    Manifests manifests = Manifests.read(Disk.real(), system, false);
    manifests.settle();
    manifests.add(new Segment(1, 16384));
    manifests.add(new Segment(2, 16384));
    manifests.add(new Segment(2, 16384));
    manifests.remove(List.of());
    assertThat(manifests.current().generation()).isEqualTo(3);
  }

  private Manifests open() throws IOException {
    Manifests manifests = Manifests.read(Disk.real(), system, true);
    manifests.settle();
    return manifests;
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
        assertThat(Manifest.decoded(folder.main(), changed))
            .as("byte %d, bit %d", at, bit)
            .isNull();
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
    assertThat(Manifest.decoded(folder.main(), good)).isNotNull();
    for (int length = 0; length < good.length; length++) {
      assertThat(Manifest.decoded(folder.main(), Arrays.copyOf(good, length)))
          .as("length %d", length)
          .isNull();
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
  void aMissingOneIsWrittenAgainAndReported() throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      Files.delete(file);
      Manifests manifests = open();
      assertThat(manifests.damages())
          .containsExactly(new Damage("system/" + file.getFileName(), null, "it is missing", true));
      assertThat(manifests.current().segments()).hasSize(2);
      assertThat(Files.readAllBytes(file)).isEqualTo(good);
      assertThat(open().damages()).isEmpty();
    }
  }

  @Test
  void theVeryFirstMainOneMayBeMissingSinceACrashExplainsIt(@TempDir Path path) throws IOException {
    StateFolder young = new StateFolder(path.resolve("young"));
    Manifests.read(Disk.real(), young.path().resolve("system"), false).settle();
    Files.delete(young.main());
    assertThat(Manifests.read(Disk.real(), young.path().resolve("system"), false).damages())
        .isEmpty();
  }

  @Test
  void readingHealsNothingAndWhatIsRefusedForItsJournalIsLeftAsItWas(@TempDir Path path)
      throws IOException {
    StateFolder store = new StateFolder(path.resolve("store")).with(2);
    flip(store.main(), 40);
    store.flip(1, "message 0");
    store.assertUnchangedAndRefused(Reason.DAMAGED);
    Files.delete(store.main());
    store.assertUnchangedAndRefused(Reason.DAMAGED);
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
                + "\"segments\":[],\"lakes\":[1]}");
    Files.write(folder.main(), newer);
    assertThat(folder.assertUnchangedAndRefused(Reason.UNUSABLE))
        .hasMessageContaining("is of format 2, newer than this Torpor's 1; use a newer Torpor");
    Files.write(folder.backup(), newer);
    folder.assertUnchangedAndRefused(Reason.UNUSABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"generation\":9,\"format\":2}",
        "\"format\":2,\"generation\":{\"main\":[9]},\"store\":7,\"segments\":\"elsewhere\"}"
      })
  void aNewerFormatIsRefusedHoweverItsOtherFieldsLook(String newer) throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      Files.write(file, signed(newer));
      assertThat(folder.assertUnchangedAndRefused(Reason.UNUSABLE))
          .hasMessageContaining("newer than this Torpor's 1");
      Files.write(file, good);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"generation\":\"many\"}",
        "\"segments\":[}",
        "\"generation\":9,\"format\":1,\"shards\":1,\"shard_function\":\"f\",\"segments\":[]}",
        "\"generation\":9,\"format\":1,\"store\":\"s\",\"shards\":1,\"segments\":[]}",
        "\"generation\":9,\"format\":1,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\"}",
        "\"generation\":9,\"format\":0,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\",\"segments\":[]}",
        "\"generation\":9,\"format\":1,\"store\":\"s\",\"shards\":0,\"shard_function\":\"f\",\"segments\":[]}",
        "\"generation\":-1,\"format\":1,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\",\"segments\":[]}",
        "\"generation\":9,\"format\":1,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\",\"segments\":[{\"number\":0,\"size\":1}]}"
      })
  void aGoodChecksumOverSomethingElseIsNeverOverwritten(String other) throws IOException {
    byte[] good = Files.readAllBytes(folder.main());
    for (Path file : List.of(folder.main(), folder.backup())) {
      Files.write(file, signed(other));
      assertThat(folder.assertUnchangedAndRefused(Reason.UNUSABLE))
          .hasMessageContaining(file.getFileName() + " is whole, but no manifest of format 1");
      Files.write(file, good);
    }
  }

  @Test
  void fieldsThatALaterVersionAddsArePassedOver() throws IOException {
    String more =
        "\"generation\":9,\"format\":1,\"store\":\"s\",\"shards\":1,\"shard_function\":\"f\","
            + "\"segments\":[{\"number\":3,\"size\":512,\"kept_until\":\"tomorrow\"}],\"lakes\":[1]}";
    Manifest manifest = Manifest.decoded(folder.main(), signed(more));
    assertThat(manifest).isNotNull();
    assertThat(manifest.segments()).containsExactly(new Segment(3, 512));
  }

  @Test
  void aNewerFormatIsToldFromDamageEvenWhereItsChecksumIsOfAnotherKind() throws IOException {
    byte[] newer = "{\"_sha256\":\"9f86d081\",\"generation\":9,\"format\":2}\n".getBytes(UTF_8);
    Files.write(folder.main(), newer);
    Files.write(folder.backup(), newer);
    assertThat(folder.assertUnchangedAndRefused(Reason.UNUSABLE))
        .hasMessageContaining("is of format 2, newer than this Torpor's 1; use a newer Torpor");
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
