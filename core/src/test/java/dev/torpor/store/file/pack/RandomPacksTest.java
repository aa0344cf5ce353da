package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.TestPacks.all;
import static dev.torpor.store.file.pack.TestPacks.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random puts, removals, packs, merges and reopenings, beside a plain map. */
class RandomPacksTest {

  private static final int KEYS = 600;

  @TempDir Path path;

  private final Map<String, String> model = new TreeMap<>(TestPacks.BY_BYTES);

  /** What is not in a pack yet. */
  private final TreeMap<String, PackEntry> table = new TreeMap<>(TestPacks.BY_BYTES);

  private final List<PackDescription> newestFirst = new ArrayList<>();
  private final List<Pack> open = new ArrayList<>();
  private TestPacks packs;
  private Random random;
  private int seq;
  private long packedTo;
  private long number;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyLookUpAndScanIsAsInAPlainMap(int seed) throws IOException {
    packs = new TestPacks(path);
    random = new Random(seed);
    for (int round = 0; round < 25; round++) {
      int writes = random.nextInt(120);
      for (int i = 0; i < writes; i++) {
        write();
      }
      pack();
      if (random.nextInt(3) == 0 && newestFirst.size() > 1) {
        int from = random.nextInt(newestFirst.size() - 1);
        merge(from, from + 2 + random.nextInt(newestFirst.size() - from - 1));
      }
      check();
    }
    merge(0, newestFirst.size());
    check();
    assertThat(newestFirst.getFirst().removals()).isZero();
    assertThat(newestFirst.getFirst().entries()).isEqualTo(model.size());
    close();
  }

  private void write() {
    seq++;
    String key = key();
    switch (random.nextInt(12)) {
      case 0, 1 -> {
        model.remove(key);
        PackEntry old = table.get(key);
        table.put(
            key,
            PackEntry.remove(key, 0, seq).withPrefixRemoved(old != null && old.removesPrefix()));
      }
      case 2 -> {
        String prefix =
            key.substring(0, key.indexOf('/', random.nextInt(key.indexOf('/') + 1)) + 1);
        model.keySet().removeIf(k -> k.startsWith(prefix));
        table.keySet().removeIf(k -> k.startsWith(prefix));
        table.put(prefix, PackEntry.removePrefix(prefix, 0, seq));
      }
      default -> {
        String value = "v" + seq + "x".repeat(random.nextInt(8) == 0 ? random.nextInt(20_000) : 10);
        model.put(key, value);
        PackEntry old = table.get(key);
        table.put(key, put(key, seq, value).withPrefixRemoved(old != null && old.removesPrefix()));
      }
    }
  }

  /** Keys that share prefixes, some of them prefixes themselves, with all kinds of characters. */
  private String key() {
    int n = random.nextInt(KEYS);
    String agent = List.of("a", "ab", "a\"b", "ä", "z\u0001", "\uFFFD", "\uD83D\uDE00").get(n % 7);
    return switch (n % 5) {
      case 0 -> "~id/" + agent + n;
      case 1 -> agent + "/";
      case 2 -> agent + "/task/" + n + "-".repeat(n);
      case 3 -> agent + "/task/";
      default -> agent + "/mail/\\" + n + "/" + n % 3;
    };
  }

  private void pack() throws IOException {
    PackDescription description =
        packs.folder.write(
            ++number, packedTo, seq, TestPacks.FILTERED, TestPacks.cursor(table.values()));
    packedTo = seq;
    table.clear();
    newestFirst.addFirst(description);
    reopen();
  }

  private void merge(int from, int to) throws IOException {
    List<EntryCursor> cursors = new ArrayList<>();
    for (Pack pack : open.subList(from, to)) {
      cursors.add(pack.scan("", ""));
    }
    List<PackDescription> merged = newestFirst.subList(from, to);
    PackDescription description =
        packs.folder.write(
            ++number,
            merged.getLast().from(),
            merged.getFirst().to(),
            TestPacks.FILTERED,
            new Merge(cursors, to == newestFirst.size(), Merge.Keeper.OF_ALL));
    merged.clear();
    newestFirst.add(from, description);
    reopen();
  }

  private void reopen() throws IOException {
    close();
    for (PackDescription description : newestFirst) {
      open.add(packs.folder.open(description));
    }
  }

  private void close() throws IOException {
    for (Pack pack : open) {
      pack.close();
    }
    open.clear();
  }

  private void check() throws IOException {
    // Half of the packs are behind one run of their own: runs nest.
    int half = open.size() / 2;
    List<SortedRun> runs = new ArrayList<>(open.subList(0, half));
    runs.add(new RunStack(List.copyOf(open.subList(half, open.size()))));
    RunStack stack = new RunStack(runs);
    for (int i = 0; i < 60; i++) {
      String key = key();
      PackEntry entry = stack.get(key);
      String found = entry == null || !entry.hasValue() ? null : TestPacks.text(entry);
      assertThat(found).as(key).isEqualTo(model.get(key));
      for (Pack pack : open) {
        assertThat(pack.get(key) == null || pack.mayHold(key)).as(key).isTrue();
      }
      String other = key();
      String prefix =
          random.nextInt(4) == 0 ? "" : other.substring(0, random.nextInt(other.length()));
      if (!Character.isHighSurrogate(prefix.isEmpty() ? 'a' : prefix.charAt(prefix.length() - 1))) {
        checkScan(stack, prefix, random.nextBoolean() ? key : prefix);
      }
    }
    PackDescription anyOne = newestFirst.get(random.nextInt(newestFirst.size()));
    assertThat(packs.verify(anyOne, Copy.PACK)).isEmpty();
    assertThat(packs.verify(anyOne, Copy.TWIN)).isEmpty();
  }

  private void checkScan(RunStack stack, String prefix, String from) throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    model.forEach(
        (key, value) -> {
          if (key.startsWith(prefix) && TestPacks.BY_BYTES.compare(key, from) >= 0) {
            expected.put(key, value);
          }
        });
    Map<String, String> found = new LinkedHashMap<>();
    for (PackEntry entry : all(stack.scanValues(prefix, from))) {
      assertThat(found.put(entry.key(), TestPacks.text(entry))).isNull();
    }
    assertThat(List.copyOf(found.entrySet()))
        .as("'%s' from '%s'", prefix, from)
        .isEqualTo(List.copyOf(expected.entrySet()));
  }
}
