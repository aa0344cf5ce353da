package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.TestPacks.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        .hasMessageContaining("missing");
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
  void verifyingTellsHowFarItIs() throws IOException {
    for (Copy copy : Copy.values()) {
      List<Long> told = new ArrayList<>();
      packs.folder.verify(pair, copy, told::add);
      assertThat(told).isSorted().hasSizeGreaterThan(3);
      assertThat(told.getLast()).isEqualTo(Files.size(packs.folder.file(1, copy)));
    }
  }
}
