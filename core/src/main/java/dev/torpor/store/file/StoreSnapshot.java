package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.document.Snapshot;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was in no pack at one moment, over what was in packs. For one thread. */
final class StoreSnapshot implements Snapshot {
  private final long seq;
  private final LivePacks.View view;
  private final StateSerializer serializer;

  /** By key; removals have a {@link MemoryTable.None} for a value. */
  private final TreeMap<String, Entry> unpacked = new TreeMap<>(Keys::compare);

  private final List<Entry> removedPrefixes = new ArrayList<>();

  /**
   * @param view of which nothing is newer than what is in no pack; closed with this
   */
  StoreSnapshot(long seq, List<Entry> unpacked, LivePacks.View view, StateSerializer serializer) {
    this.seq = seq;
    this.view = view;
    this.serializer = serializer;
    for (Entry entry : unpacked) {
      if (entry.value() == MemoryTable.None.PREFIX_REMOVED) {
        removedPrefixes.add(entry);
      } else {
        this.unpacked.put(entry.key(), entry);
      }
    }
  }

  @Override
  public long seq() {
    return seq;
  }

  @Override
  public @Nullable Entry get(String key) throws IOException {
    Entry entry = unpacked.get(key);
    if (entry != null) {
      return isLive(entry) ? entry : null;
    }
    PackEntry packed = view.stack().get(key);
    return packed == null || !packed.hasValue() || isRemoved(packed)
        ? null
        : RangeLoader.decoded(packed, serializer);
  }

  private static boolean isLive(Entry entry) {
    return !(entry.value() instanceof MemoryTable.None);
  }

  private boolean isRemoved(PackEntry packed) {
    for (Entry removal : removedPrefixes) {
      if (packed.seq() < removal.seq() && packed.key().startsWith(removal.key())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) throws IOException {
    String first = Keys.compare(from, prefix) < 0 ? prefix : from;
    return new Scan(
        prefix,
        unpacked.tailMap(first, true).values().iterator(),
        view.stack().scanValues(prefix, first));
  }

  /** Both in one order; of a key that both have, what is in no pack is right. */
  private final class Scan implements Iterator<Entry> {
    private final String prefix;
    private final Iterator<Entry> above;
    private final EntryCursor below;
    private @Nullable Entry nextAbove;
    private @Nullable PackEntry nextBelow;
    private @Nullable Entry next;

    Scan(String prefix, Iterator<Entry> above, EntryCursor below) throws IOException {
      this.prefix = prefix;
      this.above = above;
      this.below = below;
      stepAbove();
      stepBelow();
    }

    private void stepAbove() {
      Entry candidate = above.hasNext() ? above.next() : null;
      nextAbove = candidate != null && candidate.key().startsWith(prefix) ? candidate : null;
    }

    private void stepBelow() throws IOException {
      do {
        nextBelow = below.next();
      } while (nextBelow != null && isRemoved(nextBelow));
    }

    @Override
    public boolean hasNext() {
      try {
        while (next == null && (nextAbove != null || nextBelow != null)) {
          next = step();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return next != null;
    }

    /** Goes one on; null where something was removed. */
    private @Nullable Entry step() throws IOException {
      Entry newer = nextAbove;
      PackEntry older = nextBelow;
      int order = newer == null ? 1 : older == null ? -1 : Keys.compare(newer.key(), older.key());
      if (order >= 0) {
        stepBelow();
      }
      if (newer != null && order <= 0) {
        stepAbove();
        return isLive(newer) ? newer : null;
      }
      return older == null ? null : RangeLoader.decoded(older, serializer);
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry found = java.util.Objects.requireNonNull(next);
      next = null;
      return found;
    }
  }

  @Override
  public void close() {
    view.close();
  }
}
