package dev.torpor.store.file;

import dev.torpor.state.EntryWrite;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * What commits wrote that is in no pack yet, in their order. Adding costs nothing but the space;
 * the sorting is left to whoever writes the pack. Guarded by whoever owns it.
 */
final class Unpacked {
  private record Written(EntryWrite write, long seq) {}

  private final List<Written> writes = new ArrayList<>();

  boolean isEmpty() {
    return writes.isEmpty();
  }

  void add(List<EntryWrite> commit, long seq) {
    for (EntryWrite write : commit) {
      writes.add(new Written(write, seq));
    }
  }

  /** Adds what was written after this. */
  void addAll(Unpacked later) {
    writes.addAll(later.writes);
  }

  /** What of it a pack has to say: of each key the last, by key. */
  EntryCursor sorted(StateSerializer serializer) {
    TreeMap<String, Written> last = new TreeMap<>();
    for (Written written : writes) {
      String key = written.write().key();
      if (written.write() instanceof EntryWrite.RemovePrefix) {
        last.subMap(key, key + Character.MAX_VALUE).clear();
      }
      last.put(key, written);
    }
    Iterator<Written> sorted = last.values().iterator();
    return () -> sorted.hasNext() ? encoded(sorted.next(), serializer) : null;
  }

  private static PackEntry encoded(Written written, StateSerializer serializer) throws IOException {
    return switch (written.write()) {
      case EntryWrite.Put(String key, long version, Object value) -> {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        serializer.write(value, json);
        yield PackEntry.put(key, version, written.seq(), json.toByteArray());
      }
      case EntryWrite.Remove(String key) -> PackEntry.remove(key, 0, written.seq());
      case EntryWrite.RemovePrefix(String prefix) ->
          PackEntry.removePrefix(prefix, 0, written.seq());
    };
  }
}
