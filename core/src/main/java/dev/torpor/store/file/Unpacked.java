package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * What was in no pack at one moment. To take it from the table is a copy of references, for which
 * writers wait; to put it in order is up to whoever wants it, and nobody waits for that. Immutable.
 */
final class Unpacked {
  private final long packed;
  private final List<Entry> removedPrefixes;
  private final List<Entry[]> runs;

  /**
   * @param packed up to which sequence number packs have all
   * @param removedPrefixes what was removed by its prefix, in any order
   * @param runs entries in order, with all that packs lack; nobody changes them any more
   */
  Unpacked(long packed, List<Entry> removedPrefixes, List<Entry[]> runs) {
    this.packed = packed;
    this.removedPrefixes = List.copyOf(removedPrefixes);
    this.runs = List.copyOf(runs);
  }

  /** By key, and of each key the last: entries, and removals with a {@code None} for a value. */
  List<Entry> inOrder() {
    List<Entry> unpacked = new ArrayList<>(removedPrefixes);
    for (Entry[] run : runs) {
      for (Entry entry : run) {
        if (entry.seq() > packed) {
          unpacked.add(entry);
        }
      }
    }
    if (!removedPrefixes.isEmpty()) {
      unpacked.sort((a, b) -> Keys.compare(a.key(), b.key()));
    }
    return unpacked;
  }
}
