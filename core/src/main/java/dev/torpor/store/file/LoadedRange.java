package dev.torpor.store.file;

import dev.torpor.state.Entry;
import java.util.List;

/** What packs have of a range of keys. For one thread at a time. */
final class LoadedRange {
  private final String from;
  private final String end;
  private final List<Entry> entries;
  private final long packed;

  /** The table's own note of when it took this in; -1 when it did not. */
  long admittedAt = -1;

  /**
   * @param from the first key of the range
   * @param end behind its last key
   * @param entries all of them that have a value, by key
   * @param packed up to which sequence number the packs had all
   */
  LoadedRange(String from, String end, List<Entry> entries, long packed) {
    this.from = from;
    this.end = end;
    this.entries = entries;
    this.packed = packed;
  }

  String from() {
    return from;
  }

  String end() {
    return end;
  }

  List<Entry> entries() {
    return entries;
  }

  long packed() {
    return packed;
  }
}
