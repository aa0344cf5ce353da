package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.RunStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Packs, and over them what the journal says behind them: all entries, read one by one where they
 * are. In memory is only what the journal says. Keys come in the order of packs. What a disk cannot
 * read is an {@link UncheckedIOException}. Not thread-safe.
 */
final class TailView implements EntrySource {
  private final RunStack packs;
  private final StateSerializer serializer;
  private final LongConsumer read;

  /** What the journal put last under each key; without a value where it removed it. */
  private final TreeMap<String, Written> tail = new TreeMap<>(Keys::compare);

  /** What it removed of the packs by prefix, and in which commit. */
  private final TreeMap<String, Long> removed = new TreeMap<>(Keys::compare);

  private record Written(String key, long seq, @Nullable Entry entry) {}

  /**
   * @param read told how many bytes of packs were read by scans
   */
  TailView(RunStack packs, StateSerializer serializer, LongConsumer read) {
    this.packs = packs;
    this.serializer = serializer;
    this.read = read;
  }

  /** Makes the writes of a commit true, in their order. */
  void apply(List<EntryWrite> writes, long seq) {
    for (EntryWrite write : writes) {
      switch (write) {
        case EntryWrite.Put(String key, long version, Object value) ->
            tail.put(key, new Written(key, seq, new Entry(key, version, seq, value)));
        case EntryWrite.Remove(String key) -> tail.put(key, new Written(key, seq, null));
        case EntryWrite.RemovePrefix(String prefix) -> {
          tail.keySet().removeIf(key -> key.startsWith(prefix));
          removed.put(prefix, seq);
        }
      }
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    Written written = tail.get(key);
    if (written != null || isRemoved(key)) {
      return written == null ? null : written.entry();
    }
    try {
      PackEntry entry = packs.get(key);
      return entry == null || !entry.hasValue() ? null : decoded(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isRemoved(String key) {
    return !removed.isEmpty() && removed.keySet().stream().anyMatch(key::startsWith);
  }

  private Entry decoded(PackEntry entry) {
    String key = entry.key();
    byte[] json = entry.value();
    return new Entry(
        key,
        entry.version(),
        entry.seq(),
        serializer.read(Keys.valueType(key), json, 0, json.length));
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    String start = Keys.compare(from, prefix) < 0 ? prefix : from;
    try {
      return new Scan(prefix, start, packs.scanValues(prefix, start));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is over the packs, as a pack of its own would say it, sorted. */
  List<Entry> tail() {
    List<Entry> all = new ArrayList<>();
    removed.forEach(
        (prefix, seq) -> all.add(new Entry(prefix, 0, seq, MemoryTable.None.PREFIX_REMOVED)));
    for (Written written : tail.values()) {
      Entry entry = written.entry();
      all.add(
          entry == null
              ? new Entry(written.key(), 0, written.seq(), MemoryTable.None.REMOVED)
              : entry);
    }
    all.sort((a, b) -> Keys.compare(a.key(), b.key()));
    return all;
  }

  private final class Scan implements Iterator<Entry> {
    private final String prefix;
    private final EntryCursor cursor;
    private final Iterator<Written> rest;
    private @Nullable Entry fromTail;
    private @Nullable PackEntry fromPacks;

    Scan(String prefix, String from, EntryCursor cursor) throws IOException {
      this.prefix = prefix;
      this.cursor = cursor;
      this.rest = tail.tailMap(from, true).values().iterator();
      advanceTail();
      advancePacks();
    }

    private void advanceTail() {
      fromTail = null;
      while (fromTail == null && rest.hasNext()) {
        fromTail = rest.next().entry();
      }
      if (fromTail != null && !fromTail.key().startsWith(prefix)) {
        fromTail = null;
      }
    }

    private void advancePacks() throws IOException {
      PackEntry entry = cursor.next();
      while (entry != null && (tail.containsKey(entry.key()) || isRemoved(entry.key()))) {
        entry = cursor.next();
      }
      fromPacks = entry;
    }

    @Override
    public boolean hasNext() {
      return fromTail != null || fromPacks != null;
    }

    @Override
    public Entry next() {
      Entry ofTail = fromTail;
      PackEntry ofPacks = fromPacks;
      try {
        if (ofPacks == null || (ofTail != null && Keys.compare(ofTail.key(), ofPacks.key()) < 0)) {
          if (ofTail == null) {
            throw new NoSuchElementException();
          }
          advanceTail();
          return ofTail;
        }
        advancePacks();
        Entry entry = decoded(ofPacks);
        read.accept(ofPacks.length());
        return entry;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
