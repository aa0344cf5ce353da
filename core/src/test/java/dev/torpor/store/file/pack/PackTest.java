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
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackTest {

  @TempDir Path path;
  private TestPacks packs;

  @BeforeEach
  void makeFolder() throws IOException {
    packs = new TestPacks(path);
  }

  @Test
  void anEmptyPackKnowsNothing() throws IOException {
    PackDescription description = packs.write(1);
    assertThat(description.entries()).isZero();
    assertGood(description);
    try (Pack pack = packs.folder.open(description)) {
      assertThat(pack.description()).isEqualTo(description);
      assertThat(pack.get("a")).isNull();
      assertThat(pack.mayHold("a")).isFalse();
      assertThat(pack.mayHold("~id/a")).isFalse();
      assertThat(all(pack.scan("", ""))).isEmpty();
    }
  }

  @Test
  void oneEntryIsFoundAndNothingElse() throws IOException {
    PackEntry entry = put("b", 3, "x");
    PackDescription description = packs.write(1, entry);
    assertGood(description);
    try (Pack pack = packs.folder.open(description)) {
      assertThat(pack.get("b"))
          .isEqualTo(entry)
          .hasToString(entry.toString())
          .hasSameHashCodeAs(entry);
      assertThat(pack.get("b").version()).isEqualTo(1);
      assertThat(pack.get("b").seq()).isEqualTo(3);
      assertThat(pack.mayHold("b")).isTrue();
      for (String other : List.of("a", "ba", "c", "~id/a")) {
        assertThat(pack.get(other)).as(other).isNull();
      }
      assertThat(all(pack.scan("", ""))).containsExactly(entry);
      assertThat(all(pack.scan("b", "b"))).containsExactly(entry);
      assertThat(all(pack.scan("b", "a"))).containsExactly(entry);
      assertThat(all(pack.scan("b", "c"))).isEmpty();
      assertThat(all(pack.scan("", "ba"))).isEmpty();
      assertThat(all(pack.scan("a", ""))).isEmpty();
    }
  }

  @Test
  void keysMayHoldAnyCharacter() throws IOException {
    TreeSet<String> keys = new TreeSet<>(TestPacks.BY_BYTES);
    for (int c = 0; c < 0x250; c++) {
      keys.add("k" + (char) c);
      keys.add((char) c + "/x");
    }
    keys.addAll(List.of("\uD7FF", "\uE000", "\uFFFF", "\uD800\uDC00", "\uDBFF\uDFFF", "k\\u0041"));
    keys.add("x".repeat(4096));
    PackDescription description = packs.write(1, keys.stream().map(k -> put(k, 1, "v")).toList());
    assertGood(description);
    try (Pack pack = packs.folder.open(description)) {
      for (String key : keys) {
        PackEntry entry = pack.get(key);
        assertThat(entry).as(key).isNotNull();
        assertThat(entry.key()).isEqualTo(key);
        assertThat(pack.get(key + "\u0000\u0000")).isNull();
      }
      assertThat(all(pack.scan("", "")).stream().map(PackEntry::key))
          .containsExactlyElementsOf(keys);
    }
  }

  @Test
  void aValueOfEightMebibytesIsKeptAndItsNeighboursAreReadWithoutIt() throws IOException {
    String large = "x".repeat(8 << 20);
    List<PackEntry> entries = List.of(put("a", 1, "1"), put("b", 1, large), put("c", 1, "3"));
    PackDescription description = packs.write(1, entries);
    assertGood(description);
    assertThat(description.twin().size()).isLessThan(100_000);
    try (Pack pack = packs.folder.open(description)) {
      assertThat(TestPacks.text(pack.get("a"))).isEqualTo("1");
      assertThat(TestPacks.text(pack.get("b"))).isEqualTo(large);
      assertThat(TestPacks.text(pack.get("c"))).isEqualTo("3");
      assertThat(all(pack.scan("", ""))).isEqualTo(entries);
    }
  }

  @Test
  void aLongPackIsScannedAndFoundWhole() throws IOException {
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      entries.add(put("k/%06d".formatted(i), 1, "v".repeat(i % 300)));
    }
    entries.add(put("l", 1, "w".repeat(2 << 20)));
    PackDescription description = packs.write(1, entries);
    assertGood(description);
    try (Pack pack = packs.folder.open(description)) {
      assertThat(all(pack.scan("", ""))).isEqualTo(entries);
      assertThat(all(pack.scan("k/", "k/019990"))).isEqualTo(entries.subList(19_990, 20_000));
      for (int i = 0; i < entries.size(); i += 97) {
        assertThat(pack.get(entries.get(i).key())).isEqualTo(entries.get(i));
      }
    }
  }

  @Test
  void indexAndFilterOfManyKeysWaitInFilesAndLeaveNone() throws IOException {
    int count = 2_500; // keys so long that the index has more than 2 MiB
    int[] next = {0};
    PackDescription description =
        packs.folder.write(
            1,
            0,
            1,
            List.of(""),
            () ->
                next[0] < count
                    ? put("%08d".formatted(next[0]++) + "k".repeat(4000), 1, "")
                    : null);
    assertThat(packs.folder.leftovers(List.of(description))).isEmpty();
    assertGood(description);
    try (Pack pack = packs.folder.open(description)) {
      for (int i = 0; i < count; i += 79) {
        String key = "%08d".formatted(i) + "k".repeat(4000);
        assertThat(pack.get(key)).isNotNull();
        assertThat(pack.get(key + "k")).isNull();
      }
    }
  }

  @Test
  void theFilterRulesOutNearlyAllThatIsNotThere() throws IOException {
    PackDescription description = packs.write(1, TestPacks.entriesOfSeveralParts());
    try (Pack pack = packs.folder.open(description)) {
      int wrong = 0;
      for (int i = 0; i < 3000; i++) {
        wrong += pack.mayHold("~id/agent-%02d-%d".formatted(i % 30, i)) ? 1 : 0;
      }
      assertThat(wrong).as("of 3000").isLessThan(90);
      assertThat(pack.mayHold("agent-00/not there")).as("not filtered").isTrue();
      assertThat(pack.mayHold("~id/agent-07")).isTrue();
      assertThat(pack.mayHold("~id/agent-03/x")).isFalse();
    }
  }

  @Test
  void aRemovedPrefixAnswersForWhatIsUnderItAndIsNotInThePack() throws IOException {
    PackDescription description =
        packs.write(
            1,
            PackEntry.removePrefix("a/", 0, 5),
            put("a/new", 6, "n"),
            put("a/task/", 6, "t").withPrefixRemoved(true),
            PackEntry.remove("b/", 0, 5));
    assertThat(description.removals()).isEqualTo(2);
    try (Pack pack = packs.folder.open(description)) {
      assertThat(pack.get("a/").removesPrefix()).isTrue();
      assertThat(pack.get("a/new").hasValue()).isTrue();
      assertThat(pack.get("a/old").hasValue()).isFalse();
      assertThat(pack.get("a/old").key()).isEqualTo("a/old");
      assertThat(pack.get("a/old").seq()).isEqualTo(5);
      assertThat(pack.get("a/task/").hasValue()).isTrue();
      assertThat(pack.get("a/task/7").hasValue()).isFalse();
      assertThat(pack.get("a")).isNull();
      assertThat(pack.get("b/x")).as("only the key was removed").isNull();
      assertThat(pack.mayHold("a/anything")).isTrue();
      assertThat(all(pack.scan("a/", "a/task/7")))
          .as("what removes a prefix of the start, without its value")
          .containsExactly(
              PackEntry.removePrefix("a/", 0, 5),
              PackEntry.remove("a/task/", 1, 6).withPrefixRemoved(true));
    }
  }

  @Test
  void anInterruptedReaderReadsOnAndClosesNothingForOthers() throws IOException {
    PackDescription description = packs.write(1, put("a", 1, "1"));
    try (Pack pack = packs.folder.open(description)) {
      Thread.currentThread().interrupt();
      assertThat(pack.get("a")).isNotNull();
      packs.write(2, TestPacks.entriesOfSeveralParts());
      List<PackEntry> large = List.of(put("a", 1, "x".repeat(3 << 20)));
      packs.write(3, large);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(pack.get("a")).isNotNull();
    }
  }

  @Test
  void whatIsOutOfOrderOrOfAnotherRangeIsRefusedAndLeavesNothing() {
    assertRefused("'a' is not in order", put("b", 1, ""), put("a", 1, ""));
    assertRefused("'a' is not in order", put("a", 1, ""), put("a", 1, ""));
    assertRefused("is not in (0, 1000000]", put("a", 0, ""));
    assertRefused("is not in (0, 1000000]", put("a", 1_000_001, ""));
  }

  private void assertRefused(String why, PackEntry... entries) {
    assertThatThrownBy(() -> packs.write(1, entries))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
    assertThat(path.resolve("packs")).isEmptyDirectory();
    assertThat(path.resolve("mirror")).isEmptyDirectory();
  }

  @Test
  void aNumberIsNeverUsedTwice() throws IOException {
    packs.write(1, put("a", 1, ""));
    assertThatThrownBy(() -> packs.write(1)).hasMessageContaining("never used twice");
    Files.delete(path.resolve("packs/0000000001.jsonl"));
    assertThatThrownBy(() -> packs.write(1)).hasMessageContaining("never used twice");
    assertThatThrownBy(() -> packs.write(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> packs.write(10_000_000_000L))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatNoLineCanHoldIsRefused() {
    byte[] value = "1".getBytes(UTF_8);
    refuses(() -> PackEntry.put("", 0, 1, value));
    refuses(() -> PackEntry.put("x".repeat(4097), 0, 1, value));
    refuses(() -> PackEntry.put("\uD83D", 0, 1, value));
    refuses(() -> PackEntry.put("a", -1, 1, value));
    refuses(() -> PackEntry.put("a", 0, -1, value));
    refuses(() -> PackEntry.put("a", 0, 1, new byte[0]));
    refuses(() -> PackEntry.put("a", 0, 1, "[1,\n2]".getBytes(UTF_8)));
    refuses(() -> PackEntry.put("a", 0, 1, "[1,2,3,4,5,6\n]".getBytes(UTF_8)));
    refuses(() -> PackEntry.put("a", 0, 1, new byte[32 << 20]));
    refuses(() -> PackEntry.removePrefix("a", 0, 1));
    refuses(() -> packs.folder.write(1, 3, 2, List.of(), () -> null));
    refuses(() -> packs.folder.write(1, -1, 2, List.of(), () -> null));
    refuses(() -> packs.folder.write(1, 1, 2, List.of("x".repeat(2000)), () -> null));
    assertThatThrownBy(() -> PackEntry.remove("a", 0, 1).value())
        .isInstanceOf(IllegalStateException.class);
  }

  private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void leftoversAreWhatHasANameOfOursAndNoDescription() throws IOException {
    PackDescription live = packs.write(1, put("a", 1, ""));
    packs.write(2, put("a", 1, ""));
    Files.createFile(path.resolve("packs/0000000003.jsonl.tmp"));
    Files.createFile(path.resolve("packs/0000000003.jsonl.index.tmp"));
    Files.createFile(path.resolve("packs/notes.txt"));
    assertThat(packs.folder.leftovers(List.of(live)))
        .map(file -> path.relativize(file).toString())
        .containsExactly(
            "packs/0000000002.jsonl",
            "packs/0000000003.jsonl.index.tmp",
            "packs/0000000003.jsonl.tmp",
            "mirror/0000000002.jsonl.zst");
    assertThat(packs.folder.file(1, Copy.TWIN)).isRegularFile();
  }

  private void assertGood(PackDescription description) throws IOException {
    assertThat(packs.verify(description, Copy.PACK)).isEmpty();
    assertThat(packs.verify(description, Copy.TWIN)).isEmpty();
  }
}
