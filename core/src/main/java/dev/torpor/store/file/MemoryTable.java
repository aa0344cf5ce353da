package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The entries in memory. Guarded by whoever owns it. */
public final class MemoryTable implements EntrySource {
  private final SortedEntries entries = new SortedEntries();

  public MemoryTable() {}

  /** Makes the writes of a commit true, in their order. */
  public void apply(List<EntryWrite> writes, long seq) {
    apply(writes, seq, null);
  }

  /** {@link #apply(List, long)}, and says the same to what is in no pack yet, if there is such. */
  void apply(List<EntryWrite> writes, long seq, @Nullable Unpacked unpacked) {
    for (int i = 0; i < writes.size(); i++) {
      switch (writes.get(i)) {
        case EntryWrite.Put(String key, long version, Object value) -> {
          Entry entry = new Entry(key, version, seq, value);
          entries.put(entry);
          if (unpacked != null) {
            unpacked.put(entry);
          }
        }
        case EntryWrite.Remove(String key) -> {
          entries.remove(key, key + '\0');
          if (unpacked != null) {
            unpacked.remove(key, seq);
          }
        }
        case EntryWrite.RemovePrefix(String prefix) -> {
          entries.remove(prefix, behind(prefix));
          if (unpacked != null) {
            unpacked.removePrefix(prefix, seq, writes.subList(0, i));
          }
        }
      }
    }
  }

  /** What sorts behind all that begins so, and before all else. */
  private static String behind(String prefix) {
    int last = prefix.length() - 1;
    return prefix.substring(0, last) + (char) (prefix.charAt(last) + 1);
  }

  public int size() {
    return entries.size();
  }

  @Override
  public @Nullable Entry get(String key) {
    return entries.get(key);
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    return new Scan(prefix, entries.from(from.compareTo(prefix) < 0 ? prefix : from));
  }

  private static final class Scan implements Iterator<Entry> {
    private final String prefix;
    private final Iterator<Entry> rest;
    private @Nullable Entry next;

    Scan(String prefix, Iterator<Entry> rest) {
      this.prefix = prefix;
      this.rest = rest;
      advance();
    }

    private void advance() {
      Entry candidate = rest.hasNext() ? rest.next() : null;
      next = candidate != null && candidate.key().startsWith(prefix) ? candidate : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry found = next;
      if (found == null) {
        throw new NoSuchElementException();
      }
      advance();
      return found;
    }
  }
}
