package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.NotLoadedException;
import dev.torpor.store.LoadingSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A table that keeps next to nothing, over packs that are a map, against a plain map. */
class TableOverPacksTest {
  private static final int AGENTS = 5;

  /** What is true. */
  private final TreeMap<String, Entry> expected = new TreeMap<>();

  /** What packs have. */
  private TreeMap<String, Entry> packs = new TreeMap<>();

  private long packed;
  private long seq;
  private Random random = new Random(0);
  private MemoryTable table = new MemoryTable();

  /** What was read from packs and is admitted late. */
  private final List<LoadedRange> late = new ArrayList<>();

  /** What a checkpoint has cut off and packs do not have yet. */
  private List<Entry> cut = List.of();

  private long cutSeq;

  @RepeatedTest(60)
  void whateverIsLetGoLoadedAndPackedEveryLookUpIsRight(RepetitionInfo repetition) {
    random = new Random(repetition.getCurrentRepetition());
    int limit = random.nextInt(3) * 20_000 + 1;
    table = new MemoryTable(0, limit);
    for (int i = 0; i < 3000; i++) {
      switch (random.nextInt(20)) {
        case 0 -> beginCheckpoint();
        case 1 -> endCheckpoint();
        case 2 -> late.add(load(new NotLoadedException.Range(key(), SortedEntries.END)));
        case 3 -> admitLate();
        case 4 -> reopen(limit);
        case 5, 6, 7 -> checkScan();
        case 8, 9, 10, 11 -> checkGet();
        case 12 -> checkNeed();
        default -> commit();
      }
    }
    assertThat(all("", "")).isEqualTo(new ArrayList<>(expected.values()));
  }

  private String key() {
    int agent = random.nextInt(AGENTS);
    return switch (random.nextInt(4)) {
      case 0 -> "agent-%d/session".formatted(agent);
      case 1 -> "agent-%d/memory/%02d".formatted(agent, random.nextInt(50));
      case 2 -> "~task/%02d".formatted(random.nextInt(50));
      default -> "agent-%d/message/%03d".formatted(agent, random.nextInt(200));
    };
  }

  private void commit() {
    seq++;
    List<EntryWrite> writes = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String key = key();
      switch (random.nextInt(12)) {
        case 0 -> {
          String prefix = key.substring(0, key.indexOf('/') + 1);
          writes.add(new EntryWrite.RemovePrefix(prefix));
          expected.subMap(prefix, Keys.behind(prefix)).clear();
        }
        case 1, 2, 3 -> {
          writes.add(new EntryWrite.Remove(key));
          expected.remove(key);
        }
        default -> {
          String value = "v" + seq + "." + i;
          writes.add(new EntryWrite.Put(key, seq, value));
          expected.put(key, new Entry(key, seq, seq, value));
        }
      }
    }
    table.apply(writes, seq);
  }

  private void beginCheckpoint() {
    if (cut.isEmpty()) {
      cutSeq = seq;
      cut = table.cut(seq).inOrder();
      assertThat(cut).isSortedAccordingTo((a, b) -> Keys.compare(a.key(), b.key()));
      TreeMap<String, Entry> then = new TreeMap<>(packs);
      for (Entry entry : cut) {
        assertThat(entry.seq()).isGreaterThan(packed).isLessThanOrEqualTo(cutSeq);
        if (entry.value() == MemoryTable.None.PREFIX_REMOVED) {
          then.subMap(entry.key(), Keys.behind(entry.key())).clear();
        }
      }
      for (Entry entry : cut) {
        if (entry.value() == MemoryTable.None.REMOVED) {
          then.remove(entry.key());
        } else if (entry.value() != MemoryTable.None.PREFIX_REMOVED) {
          then.put(entry.key(), entry);
        }
      }
      assertThat(then).isEqualTo(expected);
      next = then;
    }
  }

  /** What packs will have when the checkpoint ends. */
  private TreeMap<String, Entry> next = new TreeMap<>();

  private void endCheckpoint() {
    if (!cut.isEmpty()) {
      cut = List.of();
      if (random.nextInt(5) > 0) { // or it failed
        packs = next;
        packed = cutSeq;
        table.packed(cutSeq);
      }
    }
  }

  /** As after a crash: the journal behind the packs is folded again over what packs have. */
  private void reopen(int limit) {
    beginCheckpoint();
    if (!cut.isEmpty() && cutSeq == seq) {
      cut = List.of();
      packs = next;
      packed = seq;
      late.clear();
      table = new MemoryTable(packed, limit);
    }
  }

  private LoadedRange load(NotLoadedException.Range range) {
    int most = 1 + random.nextInt(6);
    List<Entry> entries = new ArrayList<>();
    String end = range.end();
    for (Entry entry : packs.subMap(range.from(), range.end()).values()) {
      entries.add(entry);
      if (entries.size() == most) {
        end = entry.key() + '\0';
        break;
      }
    }
    return new LoadedRange(range.from(), end, entries, packed);
  }

  private void admitLate() {
    if (!late.isEmpty()) {
      table.admit(late.remove(random.nextInt(late.size())));
    }
  }

  private LoadingSource source() {
    return new LoadingSource(
        table,
        missing -> new LoadedRanges(missing.ranges().stream().map(this::load).toList()),
        loaded -> LoadedRanges.admit(loaded, table));
  }

  private void checkGet() {
    String key = key();
    assertThat(source().get(key)).as(key).isEqualTo(expected.get(key));
  }

  private void checkNeed() {
    List<String> keys = List.of(key(), key(), key());
    try {
      table.need(keys);
    } catch (NotLoadedException missing) {
      List<LoadedRange> loaded = missing.ranges().stream().map(this::load).toList();
      loaded.forEach(table::admit);
    }
    for (String key : keys) {
      assertThat(source().get(key)).as(key).isEqualTo(expected.get(key));
    }
  }

  private void checkScan() {
    String key = key();
    String prefix = key.substring(0, key.lastIndexOf('/') + 1);
    Map<String, Entry> range = expected.subMap(key, Keys.behind(prefix));
    assertThat(all(prefix, key)).isEqualTo(new ArrayList<>(range.values()));
  }

  private List<Entry> all(String prefix, String from) {
    List<Entry> all = new ArrayList<>();
    Iterator<Entry> entries = source().scan(prefix, from);
    entries.forEachRemaining(all::add);
    return all;
  }

  @Test
  void whatIsNotInMemoryIsNeverTakenForNothing() {
    MemoryTable fresh = new MemoryTable(7, 1000);
    assertThatExceptionOfType(NotLoadedException.class).isThrownBy(() -> fresh.get("a/session"));
    assertThatExceptionOfType(NotLoadedException.class)
        .isThrownBy(() -> fresh.scan("a/").hasNext());
    fresh.admit(new LoadedRange("a/session", "a0", List.of(), 7));
    assertThat(fresh.get("a/session")).isNull();
    assertThat(fresh.scan("a/", "a/session").hasNext()).isFalse();
    assertThatExceptionOfType(NotLoadedException.class)
        .isThrownBy(() -> fresh.scan("a/").hasNext());
  }
}
