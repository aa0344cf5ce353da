package dev.torpor.store.file;

import dev.torpor.store.Loaded;
import java.util.List;

/** What packs have of some ranges of keys. */
record LoadedRanges(List<LoadedRange> ranges) implements Loaded {

  /** Lets a table have it all. */
  static void admit(List<Loaded> loaded, MemoryTable table) {
    table.makeRoom();
    for (Loaded one : loaded) {
      ((LoadedRanges) one).ranges().forEach(table::admit);
    }
  }
}
