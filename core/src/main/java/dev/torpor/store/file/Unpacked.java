package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What commits wrote that is in no pack yet: of each key the last. The sorting is left to whoever
 * writes the pack. Guarded by whoever owns it.
 */
final class Unpacked {
  /** Stands for a value where there is none any more. */
  private enum Removed {
    KEY,
    PREFIX
  }

  /** How far the last first half of a surrogate pair is from the first character behind them. */
  private static final int NEAR = Character.MAX_SURROGATE - Character.MAX_HIGH_SURROGATE;

  private final Map<String, Entry> latest = new HashMap<>();

  boolean isEmpty() {
    return latest.isEmpty();
  }

  void put(Entry entry) {
    latest.put(entry.key(), entry);
  }

  void remove(String key, long seq) {
    latest.put(key, new Entry(key, 0, seq, Removed.KEY));
  }

  /**
   * Removes what begins so and is older. What earlier commits wrote of it is passed over when it is
   * sorted; what this one did has the same sequence number, and goes now.
   *
   * @param before what the commit wrote before this
   */
  void removePrefix(String prefix, long seq, List<EntryWrite> before) {
    for (EntryWrite write : before) {
      if (write.key().startsWith(prefix)) {
        latest.remove(write.key());
      }
    }
    latest.put(prefix, new Entry(prefix, 0, seq, Removed.PREFIX));
  }

  /** Adds what was written after this. */
  void addAll(Unpacked later) {
    latest.putAll(later.latest);
  }

  /** What a pack has to say, by key. */
  EntryCursor sorted(StateSerializer serializer) {
    Entry[] sorted = latest.values().toArray(Entry[]::new);
    Arrays.sort(sorted, Unpacked::compare);
    return new Sorted(sorted, serializer);
  }

  /**
   * Compares as packs do, by UTF-8. That is the order of Java's strings, but for half of a
   * surrogate pair beside a character behind them all: such two differ by more than {@value #NEAR}.
   */
  private static int compare(Entry a, Entry b) {
    int order = a.key().compareTo(b.key());
    return Math.abs(order) <= NEAR
        ? order
        : Arrays.compareUnsigned(a.key().getBytes(UTF_8), b.key().getBytes(UTF_8));
  }

  private static final class Sorted implements EntryCursor {
    private final Entry[] entries;
    private final ByteArrayOutputStream json = new ByteArrayOutputStream();
    private final StateSerializer.ValueWriter writer;
    private int next;

    /** The last prefix that was removed; it sorts before all that begins with it. */
    private Entry prefix = new Entry("", 0, 0, Removed.PREFIX);

    Sorted(Entry[] entries, StateSerializer serializer) {
      this.entries = entries;
      this.writer = serializer.writer(json);
    }

    @Override
    public @Nullable PackEntry next() throws IOException {
      while (next < entries.length) {
        Entry entry = entries[next++];
        if (entry.seq() >= prefix.seq() || !entry.key().startsWith(prefix.key())) {
          return encoded(entry);
        }
      }
      return null;
    }

    private PackEntry encoded(Entry entry) throws IOException {
      if (entry.value() == Removed.KEY) {
        return PackEntry.remove(entry.key(), 0, entry.seq());
      }
      if (entry.value() == Removed.PREFIX) {
        prefix = entry;
        return PackEntry.removePrefix(entry.key(), 0, entry.seq());
      }
      json.reset();
      writer.write(entry.value());
      return PackEntry.put(entry.key(), entry.version(), entry.seq(), json.toByteArray());
    }
  }
}
