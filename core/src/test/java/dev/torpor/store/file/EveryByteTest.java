package dev.torpor.store.file;

import static dev.torpor.store.file.DocumentedStore.read;
import static dev.torpor.store.file.DocumentedStore.repair;
import static dev.torpor.store.file.DocumentedStore.verify;
import static dev.torpor.store.file.StateFolder.flip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.store.CheckReport;
import dev.torpor.store.CheckReport.Found;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RepairReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small store with all there is, closed: each byte changes, each file is cut off at each length,
 * and removed. Verifying finds it, and a repair makes it what it was. With {@code -Devery=1} all
 * bytes and lengths are tried, else one in {@value #SAMPLE}; a repair is tried for one in {@value
 * #REPAIRED} of these.
 */
class EveryByteTest {
  private static final int SAMPLE = 61;
  private static final int REPAIRED = 29;
  private static final int EVERY = Integer.getInteger("every", SAMPLE);

  @TempDir private Path path;
  private DocumentedStore original;
  private StateFolder folder;
  private Map<String, String> packs;
  private TreeMap<String, Object> documents;
  private long entries;
  private int tried;

  @BeforeEach
  void makeStore() throws IOException {
    original = new DocumentedStore(path.resolve("state")).fill();
    folder = original.folder;
    CheckReport report = verify(folder);
    assertThat(report.isClean() && report.notes().isEmpty()).as("%s", report).isTrue();
    packs = packs(folder);
    documents = read(folder);
    entries = report.entries();
  }

  /** What is in packs and twins, whatever their numbers. */
  private static Map<String, String> packs(StateFolder folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    folder
        .bytes()
        .forEach(
            (name, content) -> {
              if (name.startsWith("packs/") || name.startsWith("mirror/")) {
                contents.put(content, name.substring(0, name.indexOf('/')));
              }
            });
    return contents;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.path())) {
      return files
          .filter(file -> Files.isRegularFile(file) && !file.endsWith("LOCK"))
          .sorted()
          .toList();
    }
  }

  private static boolean isJournal(Path file) {
    return file.getParent().endsWith("journal");
  }

  private interface Damaging {
    void of(Path file) throws IOException;
  }

  /** Of the journal, all is in packs, but not all damage shows that: it is told, or named. */
  private void assertFound(CheckReport report, Path file, String as) {
    if (isJournal(file)) {
      assertThat(report.isClean() && report.notes().isEmpty()).as(as).isFalse();
    } else {
      assertThat(report.isClean()).as(as).isFalse();
      assertThat(report.damaged()).as(as).allMatch(Found::healable);
    }
  }

  private void assertHealed(Path file, Damaging damaging, String as) throws IOException {
    if (tried++ % REPAIRED != 0) {
      return;
    }
    StateFolder copy = folder.copy(path.resolve("copy" + tried));
    damaging.of(copy.path().resolve(folder.path().relativize(file)));
    RepairReport repaired = repair(copy);
    if (!isJournal(file)) { // what a segment had that was cut off, nobody knows: it is named
      assertThat(repaired.damaged()).as(as).allMatch(Damage::healed);
      assertThat(repaired.isWhole()).as("%s: %s", as, repaired).isTrue();
      assertThat(packs(copy)).as(as).isEqualTo(packs);
    }
    CheckReport report = verify(copy);
    assertThat(report.isClean()).as("%s: %s", as, report).isTrue();
    assertThat(report.entries()).as(as).isEqualTo(entries);
    assertThat(read(copy)).as(as).isEqualTo(documents);
    delete(copy.path());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void anyByteThatChangesIsFoundAndHealed() throws IOException {
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      int written = new String(good, ISO_8859_1).stripTrailing().length();
      for (int at = 0; at < good.length; at += isJournal(file) && at > written ? 997 : EVERY) {
        int place = at;
        String as = file + " at " + at;
        flip(file, at);
        assertFound(verify(folder), file, as);
        flip(file, at);
        assertHealed(file, damaged -> flip(damaged, place), as);
      }
    }
    assertThat(verify(folder).isClean()).isTrue();
  }

  @Test
  void anyFileThatIsCutOffOrRemovedIsFoundAndHealed() throws IOException {
    for (Path file : files()) {
      byte[] good = Files.readAllBytes(file);
      int step = isJournal(file) ? 997 : EVERY;
      for (int length = 0; length < good.length; length += step) {
        byte[] rest = Arrays.copyOf(good, length);
        String as = file + " of " + length;
        Files.write(file, rest);
        assertFound(verify(folder), file, as);
        Files.write(file, good);
        assertHealed(file, damaged -> Files.write(damaged, rest), as);
      }
      Files.delete(file);
      assertFound(verify(folder), file, file + " removed");
      Files.write(file, good);
      tried = 0;
      assertHealed(file, Files::delete, file + " removed");
    }
    assertThat(verify(folder).isClean()).isTrue();
  }
}
