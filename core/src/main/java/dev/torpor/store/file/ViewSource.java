package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.store.file.document.DocumentSource;
import dev.torpor.store.file.document.Snapshot;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What documents are compared with in a store that nobody writes: one view of all entries.
 *
 * @param seq the last commit that it shows
 */
record ViewSource(TailView view, long seq) implements DocumentSource {
  @Override
  public Snapshot of(String owner) {
    return ofStore();
  }

  @Override
  public Snapshot ofStore() {
    return new Snapshot() {
      @Override
      public long seq() {
        return seq;
      }

      @Override
      public @Nullable Entry get(String key) {
        return view.get(key);
      }

      @Override
      public Iterator<Entry> scan(String prefix, String from) {
        return view.scan(prefix, from);
      }
    };
  }

  @Override
  public Ids changedSince(long seq) {
    throw new UnsupportedOperationException("nothing is projected from here");
  }
}
