package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.TestPacks.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.disk.FaultyDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackHealTest {

  @TempDir Path path;
  private TestPacks packs;
  private PackDescription pair;

  @BeforeEach
  void makePair() throws IOException {
    packs = new TestPacks(path);
    List<PackEntry> entries = new ArrayList<>(TestPacks.entriesOfSeveralParts());
    entries.add(put("~~", 9, "z".repeat(3 << 20))); // several frames
    entries.add(put("~~a", 9, "in the last one"));
    entries.add(put("~~~", 9, "in the last one"));
    pair = packs.write(1, entries);
  }

  @Test
  void eitherFileIsMadeAgainFromTheOtherByteForByte() throws IOException {
    long number = 2;
    for (Copy damaged : Copy.values()) {
      Path file = packs.folder.file(1, damaged);
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 4;
      Files.write(file, bad);
      assertThat(packs.verify(pair, damaged)).isNotEmpty();
      PackDescription healed = packs.folder.heal(pair, damaged.other(), number, done -> {});
      assertThat(healed)
          .isEqualTo(
              new PackDescription(
                  number,
                  pair.from(),
                  pair.to(),
                  pair.entries(),
                  pair.removals(),
                  pair.pack(),
                  pair.twin()));
      assertThat(packs.folder.file(number, damaged)).hasBinaryContent(good);
      assertThat(packs.verify(healed, Copy.PACK)).isEmpty();
      assertThat(packs.verify(healed, Copy.TWIN)).isEmpty();
      Files.write(file, good);
      number++;
    }
  }

  @Test
  void aDamagedFileHealsNothing() throws IOException {
    for (Copy copy : Copy.values()) {
      Path file = packs.folder.file(1, copy);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 4;
      Files.write(file, bytes);
      assertHealsNot(pair, copy);
      Files.delete(file);
      assertHealsNot(pair, copy);
    }
    assertThatThrownBy(() -> packs.folder.describe(1, done -> {}))
        .isInstanceOf(PackDamagedException.class)
        .hasMessageContaining("neither it nor its twin is good");
  }

  @Test
  void anotherPacksFileHealsNothing() throws IOException {
    packs.write(5, put("a", 1, "1"));
    Files.copy(
        packs.folder.file(5, Copy.TWIN),
        packs.folder.file(1, Copy.TWIN),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertHealsNot(pair, Copy.TWIN);
    assertThat(packs.verify(pair, Copy.TWIN)).hasSize(1);
  }

  private void assertHealsNot(PackDescription description, Copy from) {
    assertThatThrownBy(() -> packs.folder.heal(description, from, 9, done -> {}))
        .isInstanceOf(PackDamagedException.class);
    assertThat(packs.folder.file(9, Copy.PACK)).doesNotExist();
    assertThat(packs.folder.file(9, Copy.TWIN)).doesNotExist();
  }

  @Test
  void aPairIsDescribedFromItsFilesAlone() throws IOException {
    assertThat(packs.folder.describe(1, done -> {})).isEqualTo(pair);
    Files.delete(packs.folder.file(1, Copy.PACK));
    PackDescription half = packs.folder.describe(1, done -> {});
    assertThat(half.twin()).isEqualTo(pair.twin());
    assertThat(half.to()).isEqualTo(pair.to());
    assertThatThrownBy(() -> packs.folder.open(half)).isInstanceOf(PackDamagedException.class);
    PackDescription healed = packs.folder.heal(half, Copy.TWIN, 2, done -> {});
    assertThat(healed.pack()).isEqualTo(pair.pack());
  }

  @Test
  void entriesThatAreGoodInEitherFileAreSaved() throws IOException {
    damage(Copy.PACK, "agent-07/x");
    damage(Copy.PACK, "\"parts\"");
    byte[] twin = Files.readAllBytes(packs.folder.file(1, Copy.TWIN));
    twin[twin.length - 9] ^= 1; // in the last frame
    Files.write(packs.folder.file(1, Copy.TWIN), twin);
    assertHealsNot(pair, Copy.PACK);
    assertHealsNot(pair, Copy.TWIN);
    Salvage salvage = packs.folder.salvage(pair, 2, TestPacks.FILTERED, done -> {});
    assertThat(salvage.lost()).isEmpty();
    assertThat(salvage.description().pack()).as("the same to the byte").isEqualTo(pair.pack());
  }

  @Test
  void whatIsGoodInNeitherFileIsNamedAndTheRestSaved() throws IOException {
    damage(Copy.PACK, "agent-07/x");
    damage(Copy.PACK, "agent-20/x");
    damage(Copy.PACK, "\"~~~"); // which the twin still has
    damageTwinFromTheBeginningTo("agent-20/x");
    assertThat(packs.verify(pair, Copy.TWIN).getFirst().position()).isZero();
    Salvage salvage = packs.folder.salvage(pair, 2, TestPacks.FILTERED, done -> {});
    assertThat(salvage.description().entries()).isEqualTo(pair.entries() - 2);
    assertThat(salvage.lost()).hasSize(2);
    PackDamage first = salvage.lost().getFirst();
    assertThat(first.fromKey()).startsWith("agent-06/x");
    assertThat(first.toKey()).isEqualTo("agent-07/z");
    try (Pack saved = packs.folder.open(salvage.description())) {
      assertThat(saved.get("~id/agent-29")).isNotNull();
      assertThat(saved.get("agent-07/z").hasValue()).isFalse();
    }
    assertThat(packs.verify(salvage.description(), Copy.PACK)).isEmpty();
  }

  @Test
  void nothingIsSavedFromAnotherPacksFile() throws IOException {
    damage(Copy.PACK, "agent-07/x");
    packs.folder.write(5, 3, 4, List.of(), TestPacks.cursor(List.of(put("another", 4, ""))));
    Files.copy(
        packs.folder.file(5, Copy.TWIN),
        packs.folder.file(1, Copy.TWIN),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(packs.verify(pair, Copy.TWIN).getFirst().what()).startsWith("another pack");
    Salvage salvage = packs.folder.salvage(pair, 2, TestPacks.FILTERED, done -> {});
    assertThat(salvage.description().entries()).isEqualTo(pair.entries() - 1);
    try (Pack saved = packs.folder.open(salvage.description())) {
      assertThat(saved.get("another")).isNull();
    }
  }

  @Test
  void framesBehindADamagedOneAreStillTold() throws IOException {
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      entries.add(put("k" + i, 1, Integer.toString(i).repeat(112_500)));
    }
    PackDescription five = packs.write(3, entries);
    Path file = packs.folder.file(3, Copy.TWIN);
    byte[] bytes = Files.readAllBytes(file);
    int second = 4;
    while (bytes[second] != 0x28 || bytes[second + 1] != (byte) 0xb5) {
      second++;
    }
    for (int at = second; at < second + 40; at++) {
      byte[] bad = bytes.clone();
      bad[at] ^= 0x55;
      Files.write(file, bad);
      List<PackDamage> damages = packs.verify(five, Copy.TWIN);
      assertThat(damages).as("byte %d", at).hasSize(1);
      assertThat(damages.getFirst().position()).isEqualTo(second);
      assertThat(damages.getFirst().fromKey()).isEqualTo("k0");
      assertThat(damages.getFirst().toKey()).isEqualTo("k3");
    }
    Files.delete(packs.folder.file(3, Copy.PACK));
    Salvage salvage = packs.folder.salvage(five, 4, List.of(), done -> {});
    assertThat(salvage.description().entries()).isEqualTo(3);
    assertThat(salvage.lost()).hasSize(1);
    assertThat(salvage.lost().getFirst().toKey()).isEqualTo("k3");
  }

  @Test
  void aPlaceThatCannotBeReadInEachFileCostsNothingWhereTheOtherOneCanBe() throws IOException {
    Random random = new Random(7);
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] value = new byte[50_000];
      random.nextBytes(value);
      entries.add(put("k" + i, 1, HexFormat.of().formatHex(value)));
    }
    FaultyDisk disk = new FaultyDisk((operation, file) -> {});
    TestPacks faulty = new TestPacks(disk, path.resolve("faulty"));
    PackDescription eight = faulty.write(1, entries);
    Path twin = faulty.folder.file(1, Copy.TWIN);
    long page = Files.size(twin) * 3 / 4 / 4096;
    disk.setUnreadable(
        (file, position) ->
            (file.equals(faulty.folder.file(1, Copy.PACK)) && position / 4096 == 40)
                || (file.equals(twin) && position / 4096 == page));
    for (Copy copy : Copy.values()) {
      assertThat(faulty.verify(eight, copy).getFirst().what()).contains("Input/output error");
    }
    Salvage salvage = faulty.folder.salvage(eight, 2, TestPacks.FILTERED, done -> {});
    assertThat(salvage.lost()).isEmpty();
    assertThat(salvage.description().pack()).isEqualTo(eight.pack());
  }

  /** Changes a byte of each frame up to the one that has a text. */
  private void damageTwinFromTheBeginningTo(String text) throws IOException {
    String pack = Files.readString(packs.folder.file(1, Copy.PACK), StandardCharsets.ISO_8859_1);
    byte[] twin = Files.readAllBytes(packs.folder.file(1, Copy.TWIN));
    int frame = 0;
    for (int from = 0; from <= pack.indexOf(text); from += Format.FRAME) {
      twin[frame + 100] ^= 1;
      do {
        frame++;
      } while (twin[frame] != 0x28
          || twin[frame + 1] != (byte) 0xb5
          || twin[frame + 2] != 0x2f
          || twin[frame + 3] != (byte) 0xfd);
    }
    Files.write(packs.folder.file(1, Copy.TWIN), twin);
  }

  /** Changes the byte behind a text. */
  private void damage(Copy copy, String text) throws IOException {
    Path file = packs.folder.file(1, copy);
    byte[] bytes = Files.readAllBytes(file);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text) + text.length()] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void verifyingTellsHowFarItIs() throws IOException {
    for (Copy copy : Copy.values()) {
      List<Long> told = new ArrayList<>();
      packs.folder.verify(pair, copy, told::add);
      assertThat(told).isSorted().hasSizeGreaterThan(3);
      assertThat(told.getLast()).isEqualTo(Files.size(packs.folder.file(1, copy)));
    }
  }
}
