package dev.torpor.store.file.pack;

import static dev.torpor.store.file.pack.PackEntry.remove;
import static dev.torpor.store.file.pack.PackEntry.removePrefix;
import static dev.torpor.store.file.pack.TestPacks.all;
import static dev.torpor.store.file.pack.TestPacks.cursor;
import static dev.torpor.store.file.pack.TestPacks.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class MergeTest {

  private static final Predicate<PackEntry> NONE = entry -> false;

  @SafeVarargs
  private static List<PackEntry> merge(
      boolean nothingOlder, Predicate<PackEntry> removed, List<PackEntry>... newestFirst)
      throws IOException {
    List<EntryCursor> cursors = new ArrayList<>();
    for (List<PackEntry> entries : newestFirst) {
      cursors.add(cursor(entries));
    }
    return all(new Merge(cursors, nothingOlder, entry -> removed.test(entry) ? null : entry));
  }

  @Test
  void nothingMergesToNothing() throws IOException {
    assertThat(merge(false, NONE)).isEmpty();
    assertThat(merge(true, NONE, List.of(), List.of())).isEmpty();
  }

  @Test
  void theNewestOfAKeyWinsByTheAgeOfItsPack() throws IOException {
    assertThat(
            merge(
                false,
                NONE,
                List.of(put("a", 3, "new"), remove("c", 0, 3)),
                List.of(put("a", 2, "old"), put("b", 2, "b"), put("c", 2, "c")),
                List.of(put("a", 1, "older"), put("d", 1, "d"))))
        .containsExactly(put("a", 3, "new"), put("b", 2, "b"), remove("c", 0, 3), put("d", 1, "d"));
  }

  @Test
  void removalsGoWhenNothingIsOlder() throws IOException {
    assertThat(
            merge(
                true,
                NONE,
                List.of(remove("a", 0, 3), removePrefix("b/", 0, 3)),
                List.of(put("a", 2, "old"), put("b/x", 2, "b"), put("c", 2, "c"))))
        .containsExactly(put("c", 2, "c"));
  }

  @Test
  void aRemovedPrefixCoversOlderPacksAndNotItsOwn() throws IOException {
    List<PackEntry> newest = List.of(put("a/x", 5, "newest"));
    List<PackEntry> middle =
        List.of(removePrefix("a/", 0, 3), put("a/y", 4, "middle"), put("b", 4, "b"));
    List<PackEntry> oldest =
        List.of(
            put("a", 1, "not under it"),
            put("a/", 1, "old"),
            put("a/w", 1, "old"),
            put("a/x", 1, "old"),
            put("a/z/", 1, "old"),
            put("a0", 1, "behind"));
    assertThat(merge(false, NONE, newest, middle, oldest))
        .containsExactly(
            put("a", 1, "not under it"),
            removePrefix("a/", 0, 3),
            put("a/x", 5, "newest"),
            put("a/y", 4, "middle"),
            put("a0", 1, "behind"),
            put("b", 4, "b"));
  }

  @Test
  void aPrefixThatWasPutAgainStaysBothUntilNothingIsOlder() throws IOException {
    PackEntry again = put("a/", 5, "again");
    List<PackEntry> newest = List.of(again);
    List<PackEntry> middle = List.of(removePrefix("a/", 0, 3));
    List<PackEntry> oldest = List.of(put("a/", 1, "old"), put("a/x", 1, "old"));
    assertThat(merge(false, NONE, newest, middle)).containsExactly(again.withPrefixRemoved(true));
    assertThat(merge(false, NONE, newest, middle, oldest))
        .containsExactly(again.withPrefixRemoved(true));
    assertThat(merge(true, NONE, newest, middle, oldest)).containsExactly(again);
    assertThat(merge(true, NONE, List.of(again.withPrefixRemoved(true)), oldest))
        .containsExactly(again);
    assertThat(merge(false, NONE, List.of(again.withPrefixRemoved(true)), oldest))
        .containsExactly(again.withPrefixRemoved(true));
  }

  @Test
  void prefixesWithinPrefixesEndWhereTheyEnd() throws IOException {
    List<PackEntry> newest = List.of(removePrefix("a/b/", 0, 9));
    List<PackEntry> middle = List.of(put("a/a", 8, "m"), put("a/b/x", 8, "m"), put("a/c", 8, "m"));
    List<PackEntry> older = List.of(removePrefix("a/", 0, 5), removePrefix("a/b/c/", 0, 5));
    List<PackEntry> oldest = List.of(put("a/b/c/d", 1, "o"), put("a/d", 1, "o"), put("c", 1, "o"));
    assertThat(merge(false, NONE, newest, middle, older, oldest))
        .containsExactly(
            removePrefix("a/", 0, 5),
            put("a/a", 8, "m"),
            removePrefix("a/b/", 0, 9),
            put("a/c", 8, "m"),
            put("c", 1, "o"));
  }

  @Test
  void whatTheCallerNamesCountsAsRemoved() throws IOException {
    Predicate<PackEntry> expired = entry -> entry.key().startsWith("~key/1");
    List<PackEntry> entries =
        List.of(remove("~key/0", 0, 2), put("~key/1", 2, "k"), put("~key/2", 2, "k"));
    assertThat(merge(false, expired, entries))
        .as("an older one must not come back")
        .containsExactly(remove("~key/0", 0, 2), remove("~key/1", 1, 2), put("~key/2", 2, "k"));
    assertThat(merge(true, expired, entries)).containsExactly(put("~key/2", 2, "k"));
    assertThat(merge(false, entry -> true, List.of(put("a/", 1, "x").withPrefixRemoved(true))))
        .containsExactly(remove("a/", 1, 1).withPrefixRemoved(true));
  }
}
