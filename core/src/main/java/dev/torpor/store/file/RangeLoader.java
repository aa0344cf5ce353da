package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.NotLoadedException;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads ranges of keys from packs: what is needed, and some of what follows. Thread-safe. */
final class RangeLoader {
  /** So many entries and bytes cost little more to read than one. */
  private static final int ENTRIES_AHEAD = 200;

  private static final int BYTES_AHEAD = 48 << 10;

  private final LivePacks packs;
  private final StateSerializer serializer;

  RangeLoader(LivePacks packs, StateSerializer serializer) {
    this.packs = packs;
    this.serializer = serializer;
  }

  /** Reads the beginnings of ranges; at least the first key of each. */
  LoadedRanges load(List<NotLoadedException.Range> ranges) throws IOException {
    List<LoadedRange> loaded = new ArrayList<>();
    try (LivePacks.View view = packs.view()) {
      List<NotLoadedException.Range> sorted = new ArrayList<>(ranges);
      sorted.sort((a, b) -> Keys.compare(a.from(), b.from()));
      String reached = "";
      for (NotLoadedException.Range range : sorted) {
        if (Keys.compare(range.from(), reached) >= 0) { // or reading ahead has found it already
          LoadedRange one = load(view, range);
          reached = one.end();
          loaded.add(one);
        }
      }
    }
    return new LoadedRanges(loaded);
  }

  private LoadedRange load(LivePacks.View view, NotLoadedException.Range range) throws IOException {
    List<Entry> entries = new ArrayList<>();
    String end = range.end();
    if (end.equals(range.from() + '\0')) {
      PackEntry entry = view.stack().get(range.from());
      if (entry != null && entry.hasValue()) {
        entries.add(decoded(entry, entry.value()));
      }
    } else {
      EntryCursor cursor = view.stack().scanValues("", range.from());
      long bytes = 0;
      for (PackEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (Keys.compare(entry.key(), end) >= 0) {
          break;
        }
        byte[] value = entry.value();
        entries.add(decoded(entry, value));
        bytes += value.length;
        if (entries.size() >= ENTRIES_AHEAD || bytes >= BYTES_AHEAD) {
          end = entry.key() + '\0';
          break;
        }
      }
    }
    return new LoadedRange(range.from(), end, entries, view.packed());
  }

  private Entry decoded(PackEntry entry, byte[] value) {
    return decoded(entry, value, serializer);
  }

  /**
   * Reads the value of an entry that has one.
   *
   * @throws IllegalArgumentException when it is none that this code knows
   */
  static Entry decoded(PackEntry entry, StateSerializer serializer) {
    return decoded(entry, entry.value(), serializer);
  }

  private static Entry decoded(PackEntry entry, byte[] value, StateSerializer serializer) {
    String key = entry.key();
    Object read = serializer.read(Keys.valueType(key), value, 0, value.length);
    return new Entry(key, entry.version(), entry.seq(), read);
  }
}
