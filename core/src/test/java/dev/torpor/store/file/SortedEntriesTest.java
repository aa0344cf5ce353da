package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SortedEntriesTest {

  private static final Entry END = new Entry(SortedEntries.END, 0, 0, "end");

  private final SortedEntries entries = new SortedEntries(END, true);
  private final TreeMap<String, Entry> expected = new TreeMap<>();

  private void put(String key, long version) {
    Entry entry = new Entry(key, version, version, "v");
    SortedEntries.Place place = entries.seek(key);
    if (place.is(key)) {
      place.set(entry, false, 10);
    } else {
      place.insert(entry, place.isKnown(), false, 10);
    }
    expected.put(key, entry);
  }

  private void remove(String from, String end) {
    SortedEntries.Place place = entries.seek(from);
    while (place.entry().key().compareTo(end) < 0) {
      place.remove();
    }
    expected.subMap(from, end).clear();
  }

  private void checkAll() {
    assertThat(entries.size()).isEqualTo(expected.size());
    assertThat(entries.weight()).isEqualTo(10L * expected.size());
    assertThat(all("")).isEqualTo(new ArrayList<>(expected.values()));
    assertThat(expected.keySet()).allMatch(key -> expected.get(key).equals(entries.get(key)));
    assertThat(new Unpacked(0, List.of(), entries.runsAbove(0)).inOrder())
        .isEqualTo(expected.values().stream().filter(e -> e.seq() > 0).toList());
  }

  private List<Entry> all(String from) {
    List<Entry> all = new ArrayList<>();
    boolean known = true;
    for (SortedEntries.Place place = entries.seek(from); !place.isEnd(); place.next()) {
      known &= place.isKnown();
      all.add(place.entry());
    }
    assertThat(known).isTrue();
    return all;
  }

  private static String key(int number) {
    return "agent-%d/message/%05d".formatted(number % 7, number);
  }

  @RepeatedTest(20)
  void whateverIsPutAndRemovedItIsASortedMap(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int range = 1 << (4 + random.nextInt(10));
    for (int i = 0; i < 6000; i++) {
      String key = key(random.nextInt(range));
      switch (random.nextInt(12)) {
        case 0, 1 -> remove(key, key + '\0');
        case 2 -> {
          if (i % 50 == 0) {
            String other = key(random.nextInt(range));
            remove(key.compareTo(other) < 0 ? key : other, key.compareTo(other) < 0 ? other : key);
          }
        }
        case 3 -> {
          assertThat(entries.get(key)).isEqualTo(expected.get(key));
          if (i % 100 == 3) {
            assertThat(all(key)).isEqualTo(new ArrayList<>(expected.tailMap(key).values()));
          }
        }
        default -> put(key, i);
      }
    }
    checkAll();
  }

  @Test
  void keysThatComeInOrderAtSeveralPlacesStaySorted() {
    for (int i = 0; i < 5000; i++) {
      put(key(i), i);
      put("agent-" + i % 7 + "/session", i);
    }
    checkAll();
  }

  @Test
  void keysThatComeBackwardsStaySorted() {
    for (int i = 3000; i > 0; i--) {
      put("%05d".formatted(i), i);
    }
    checkAll();
    remove("00000", "03001");
    checkAll();
    put("x", 1);
    checkAll();
  }

  @Test
  void nothingIsInWhatIsEmpty() {
    assertThat(entries.get("a")).isNull();
    assertThat(all("a")).isEmpty();
    remove("a", "b");
    assertThat(entries.size()).isZero();
  }

  @RepeatedTest(10)
  void whatMayGoGoesWhereNobodyWasAndLeavesUnknownGaps(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 1; i <= 5000; i++) {
      put(key(random.nextInt(3000)), i);
    }
    entries.sweep(0, 1000, Long.MAX_VALUE, entry -> entry.seq() % 3 == 0);
    expected.values().removeIf(entry -> entry.seq() % 3 == 0);
    List<Entry> left = new ArrayList<>();
    boolean anyUnknown = false;
    for (SortedEntries.Place place = entries.seek(""); !place.isEnd(); place.next()) {
      left.add(place.entry());
      anyUnknown |= !place.isKnown();
    }
    assertThat(left).isEqualTo(new ArrayList<>(expected.values()));
    assertThat(entries.weight()).isEqualTo(10L * expected.size());
    assertThat(anyUnknown).isTrue();
    entries.sweep(0, 1000, Long.MAX_VALUE, _ -> true);
    assertThat(entries.size()).isZero();
    assertThat(entries.seek("a").isEnd()).isTrue();
    assertThat(entries.seek("a").isKnown()).isFalse();
  }
}
