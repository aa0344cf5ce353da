package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.TestPacks.all;
import static dev.torpor.store.file.pack.TestPacks.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte of a small pack and of its twin, changed and cut off in turn. */
class PackDamageTest {

  @TempDir Path path;
  private TestPacks packs;
  private PackDescription description;
  private Path pack;
  private Path twin;
  private byte[] packBytes;
  private byte[] twinBytes;
  private List<PackEntry> entries;

  private static final List<PackEntry> SMALL =
      List.of(
          put("a/k", 7, "1"),
          PackEntry.removePrefix("b/", 0, 5),
          put("b/x\"", 7, "3"),
          PackEntry.remove("c", 0, 5),
          put("~id/a", 7, "a"));

  /** The same in two parts, for their long keys. */
  private static final List<PackEntry> OF_TWO_PARTS =
      List.of(
          put("a/" + "k".repeat(4070), 7, "1"),
          PackEntry.removePrefix("b/", 0, 5),
          put("b/" + "k".repeat(4000), 7, "y".repeat(16_000)),
          put("b/x\"", 7, "3"),
          PackEntry.remove("c", 0, 5),
          put("~id/a", 7, "a"));

  @BeforeEach
  void makePack() throws IOException {
    packs = new TestPacks(path);
    makePack(1, SMALL);
  }

  private void makePack(long number, List<PackEntry> ofEntries) throws IOException {
    entries = ofEntries;
    description = packs.write(number, entries);
    pack = packs.folder.file(number, Copy.PACK);
    twin = packs.folder.file(number, Copy.TWIN);
    packBytes = Files.readAllBytes(pack);
    twinBytes = Files.readAllBytes(twin);
  }

  @Test
  void aChangedByteOfThePackIsFoundByVerifyAndByWhateverReadsIt() throws IOException {
    int heard = 0;
    for (int at = 0; at < packBytes.length; at++) {
      heard += assertFound(at, packBytes[at] ^ 1) + assertFound(at, '\n') + assertFound(at, '"');
    }
    assertThat(heard).as("reads that found damage").isGreaterThan(2 * packBytes.length);
  }

  @Test
  void soIsOneOfAPackOfSeveralParts() throws IOException {
    makePack(2, OF_TWO_PARTS);
    for (int at = 0; at < packBytes.length; at++) {
      if (at % 499 == 0 || !isFiller(at)) { // the middle of long keys and values is all the same
        assertFound(at, packBytes[at] ^ 1);
      }
    }
  }

  /** A scan that meets a bad line names a range that holds its key, and goes on behind it. */
  @Test
  void aScanNamesTheRangeOfWhatItCannotRead() throws IOException {
    List<PackEntry> many = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      many.add(put("k%02d".formatted(i), 1, "v".repeat(4000))); // four to a block
    }
    makePack(2, many);
    long position = new String(packBytes, UTF_8).indexOf('\n') + 1;
    for (PackEntry entry : many) {
      byte[] bytes = packBytes.clone();
      bytes[(int) position + 60] ^= 1;
      Files.write(pack, bytes);
      try (Pack open = packs.folder.open(description)) {
        PackDamage damage = damageOf(() -> all(open.scan("", "")));
        assertThat(damage.position()).isEqualTo(position);
        assertHolds(damage, entry.key());
        assertHolds(damageOf(() -> open.get(entry.key())), entry.key());
        if (damage.toKey() != null) {
          assertThat(all(open.scan("", damage.toKey()))).endsWith(many.getLast());
        }
      }
      position += entry.line().length;
    }
  }

  private static PackDamage damageOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(PackDamagedException.class, read)
        .damage();
  }

  private static void assertHolds(PackDamage damage, String key) {
    assertThat(damage.fromKey() == null || damage.fromKey().compareTo(key) <= 0)
        .as("%s: from", damage)
        .isTrue();
    assertThat(damage.toKey() == null || damage.toKey().compareTo(key) > 0)
        .as("%s: to", damage)
        .isTrue();
  }

  private boolean isFiller(int at) {
    return at > 0
        && at < packBytes.length - 1
        && packBytes[at - 1] == packBytes[at]
        && packBytes[at + 1] == packBytes[at];
  }

  /** Returns 1 if a look-up or a scan found it as well, 0 if none read it. */
  private int assertFound(int at, int changed) throws IOException {
    if (changed == packBytes[at]) {
      return 0;
    }
    byte[] bytes = packBytes.clone();
    bytes[at] = (byte) changed;
    Files.write(pack, bytes);
    assertVerifyFinds(at, changed);
    return assertReadsAreRightOrFail() ? 1 : 0;
  }

  private void assertVerifyFinds(int at, int changed) throws IOException {
    List<PackDamage> damages = packs.verify(description, Copy.PACK);
    assertThat(damages).as("byte %d changed to %d", at, changed).isNotEmpty();
    assertThat(damages.getFirst().file()).isEqualTo(pack);
    assertThat(damages.getFirst().position()).isLessThanOrEqualTo(at);
    for (PackEntry entry : entries) {
      long start = new String(packBytes, UTF_8).indexOf(entry.toString());
      if (at >= start && at < start + entry.line().length - 1) {
        assertThat(damages.getFirst().position()).isEqualTo(start);
        assertThat(damages)
            .as("%d: the range of %s", at, entry.key())
            .anyMatch(
                damage ->
                    (damage.fromKey() == null || damage.fromKey().compareTo(entry.key()) <= 0)
                        && (damage.toKey() == null || damage.toKey().compareTo(entry.key()) > 0));
      }
    }
  }

  /** Looks all up and scans all; tells whether any of it failed for damage. */
  private boolean assertReadsAreRightOrFail() throws IOException {
    boolean[] failed = {false};
    try (Pack open = packs.folder.open(description)) {
      for (PackEntry entry : entries) {
        attempt(failed, () -> assertThat(open.get(entry.key())).isEqualTo(entry));
        attempt(failed, () -> assertThat(open.mayHold(entry.key())).isTrue());
        attempt(failed, () -> assertThat(open.get(entry.key() + "0")).matches(this::isNothing));
      }
      attempt(failed, () -> assertThat(open.get("~id/b")).isNull());
      attempt(failed, () -> assertThat(all(open.scan("", ""))).isEqualTo(entries));
      attempt(
          failed,
          () -> assertThat(all(open.scan("b/x", "b/x")).getLast().key()).isEqualTo("b/x\""));
    } catch (PackDamagedException e) {
      failed[0] = true;
    }
    return failed[0];
  }

  private boolean isNothing(PackEntry entry) {
    return entry == null || (!entry.hasValue() && entry.key().startsWith("b/"));
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(boolean[] failed, Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (PackDamagedException e) {
      failed[0] = true;
      assertThat(e.damage().file()).isEqualTo(pack);
      assertThat(e).hasMessageContaining("is damaged at byte");
    }
  }

  @Test
  void aChangedByteOfTheTwinIsFound() throws IOException {
    for (int at = 0; at < twinBytes.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bytes = twinBytes.clone();
        bytes[at] ^= (byte) (1 << bit);
        Files.write(twin, bytes);
        assertThat(packs.verify(description, Copy.TWIN)).as("bit %d of %d", bit, at).isNotEmpty();
      }
    }
  }

  @Test
  void aFileThatIsCutOffIsFoundAtEveryLength() throws IOException {
    for (int length = 0; length < packBytes.length; length++) {
      Files.write(pack, Arrays.copyOf(packBytes, length));
      assertThat(packs.verify(description, Copy.PACK)).as("cut at %d", length).isNotEmpty();
      assertThatThrownBy(() -> packs.folder.open(description))
          .isInstanceOf(PackDamagedException.class);
    }
    for (int length = 0; length < twinBytes.length; length++) {
      Files.write(twin, Arrays.copyOf(twinBytes, length));
      assertThat(packs.verify(description, Copy.TWIN)).as("cut at %d", length).isNotEmpty();
    }
  }

  @Test
  void aFileThatIsMissingOrLongerOrAnotherOneIsFound() throws IOException {
    for (Copy copy : Copy.values()) {
      Path file = packs.folder.file(1, copy);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
      assertThat(packs.verify(description, copy)).isNotEmpty();
      byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
      System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
      Files.write(file, twice);
      assertThat(packs.verify(description, copy)).isNotEmpty();
      Files.delete(file);
      assertThat(packs.verify(description, copy).getFirst().what())
          .isEqualTo("the file is missing");
    }
    assertOpenFails(description, "the file is missing");
  }

  @Test
  void aGoodPackIsNotTakenForAnotherOne() throws IOException {
    Files.write(pack, packBytes);
    StoredFile other = new StoredFile(description.pack().size(), "00000001");
    PackDescription d = description;
    assertThat(packs.verify(with(d.from(), d.to(), d.entries(), d.removals(), other), Copy.PACK))
        .hasSize(1);
    assertOpenFails(with(1, d.to(), d.entries(), d.removals(), d.pack()), "another pack");
    assertOpenFails(with(d.from(), 9, d.entries(), d.removals(), d.pack()), "another pack");
    assertOpenFails(with(d.from(), d.to(), 9, d.removals(), d.pack()), "another pack");
    assertOpenFails(with(d.from(), d.to(), d.entries(), 9, d.pack()), "another pack");
    assertOpenFails(
        with(d.from(), d.to(), d.entries(), d.removals(), new StoredFile(9, "")), "instead of 9");
    PackFolder others =
        new PackFolder(
            dev.torpor.disk.Disk.real(), path.resolve("packs"), path.resolve("mirror"), "another");
    assertThatThrownBy(() -> others.open(d)).isInstanceOf(PackDamagedException.class);
    assertThat(others.verify(d, Copy.PACK, done -> {}).getFirst().what())
        .isEqualTo("a pack of another store");
  }

  private PackDescription with(long from, long to, long entries, long removals, StoredFile file) {
    return new PackDescription(1, from, to, entries, removals, file, description.twin());
  }

  private void assertOpenFails(PackDescription described, String why) {
    assertThatThrownBy(() -> packs.folder.open(described))
        .isInstanceOf(PackDamagedException.class)
        .hasMessageContaining(why);
  }

  /** Every line good by itself, and yet not as the entries demand. */
  @Test
  void goodLinesInAWrongPlaceAreFound() throws IOException {
    Files.delete(twin);
    List<String> lines = new ArrayList<>(new String(packBytes, UTF_8).lines().toList());
    for (int i = 0; i < lines.size(); i++) {
      List<String> without = new ArrayList<>(lines);
      String line = without.remove(i);
      assertFound(without, "without " + line);
      List<String> twice = new ArrayList<>(lines);
      twice.add(i, line);
      assertFound(twice, "twice " + line);
      if (i > 0) {
        List<String> swapped = new ArrayList<>(without);
        swapped.add(i - 1, line);
        assertFound(swapped, "swapped " + line);
      }
    }
    List<String> another = new ArrayList<>(lines);
    another.set(1, put("a/k", 7, "2").toString());
    Files.writeString(pack, String.join("\n", another) + "\n");
    assertThat(packs.verify(description, Copy.PACK)).as("another value").hasSize(1);
    another.set(1, put("a/k", 1_000_001, "1").toString());
    assertFound(another, "another range");
  }

  @Test
  void anIndexThatIsGoodByItselfAndNotThatOfTheEntriesIsFound() throws IOException {
    Files.delete(twin);
    List<String> lines = new String(packBytes, UTF_8).lines().toList();
    int changes = 0;
    for (int i = 6; i < lines.size(); i++) {
      byte[] line = lines.get(i).getBytes(UTF_8);
      for (int at = Format.COVERED_START; at < line.length - 1; at++) {
        boolean formatNumber = lines.get(i).startsWith("\"format\":", at - 9);
        if (Character.isLetterOrDigit(line[at]) && !formatNumber) {
          byte[] other = line.clone();
          other[at] = (byte) (line[at] == '9' || line[at] == 'z' ? line[at] - 1 : line[at] + 1);
          LineBuilder built = new LineBuilder(256).begin();
          built.raw(other, Format.COVERED_START, other.length - 1 - Format.COVERED_START).end();
          List<String> changed = new ArrayList<>(lines);
          changed.set(i, new String(built.bytes(), 0, built.size() - 1, UTF_8));
          assertFound(changed, changed.get(i));
          changes++;
        }
      }
    }
    assertThat(changes).isGreaterThan(100);
  }

  private void assertFound(List<String> lines, String how) throws IOException {
    Files.writeString(pack, String.join("\n", lines) + "\n");
    assertThat(packs.verify(description, Copy.PACK)).as(how).isNotEmpty();
    assertThatThrownBy(() -> packs.folder.describe(1, done -> {}))
        .as(how)
        .isInstanceOf(PackDamagedException.class);
  }

  @Test
  void whatANewerProgramWroteIsNotCalledDamaged() throws IOException {
    LineBuilder header = new LineBuilder(64).begin().ascii("\"format\":2,\"new\":true").end();
    byte[] line = Arrays.copyOf(header.bytes(), header.size());
    Files.write(pack, line);
    StoredFile stored = new StoredFile(line.length, "");
    PackDescription newer = with(0, 1, 1, 0, stored);
    assertThatThrownBy(() -> packs.folder.open(newer)).isInstanceOf(NewerFormatException.class);
    assertThatThrownBy(() -> packs.verify(newer, Copy.PACK))
        .isInstanceOf(NewerFormatException.class);
  }

  @Test
  void manyDamagesAreToldUpToALimitAndNothingIsLeftOut() throws IOException {
    List<PackEntry> many = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      many.add(put("k%04d".formatted(i), 1, "v"));
    }
    PackDescription large = packs.write(3, many);
    Path file = packs.folder.file(3, Copy.PACK);
    Files.writeString(
        file, Files.readString(file).replaceAll("(k...[02468]\",\"version\":)1", "$12"));
    List<PackDamage> damages = packs.verify(large, Copy.PACK);
    assertThat(damages).hasSize(1000);
    assertThat(damages.get(1).fromKey()).isEqualTo("k0001");
    assertThat(damages.get(1).toKey()).isEqualTo("k0003");
    assertThat(damages.getLast().toKey()).isNull();
  }

  @Test
  void aLineWithoutAnEndIsNotKeptInMemory() throws IOException {
    byte[] endless = new byte[20 << 20];
    Arrays.fill(endless, (byte) 'x');
    Files.write(pack, endless);
    assertThat(packs.verify(description, Copy.PACK)).hasSize(1);
  }
}
