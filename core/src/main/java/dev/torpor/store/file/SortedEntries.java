package dev.torpor.store.file;

import dev.torpor.state.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their keys: a B+ tree of two levels, a list of sorted arrays, and hints
 * where the keys are that somebody asked for.
 *
 * <p>A search is two binary searches, and an insertion moves part of one short array; now and then
 * an array is cut in two, and the list grows by one. Beside a {@link java.util.TreeMap} it has no
 * object for each key, neighbours in order are neighbours in memory, and keys that come in order,
 * as messages do, fill arrays that are then left alone. A hint spares the search for a key that was
 * asked for lately, as an agent's session is all the time; one that is out of date is seen to be.
 * Not thread-safe.
 */
final class SortedEntries {
  /** Most entries of a run: moving half of it costs less than finding it. */
  private static final int CAPACITY = 256;

  private static final int SMALLEST = 16;

  /** A power of two. */
  private static final int HINTS = 1024;

  /**
   * Sorted keys and their entries, side by side, so that a search touches keys alone; not empty.
   */
  private static final class Run {
    String[] keys = new String[SMALLEST];
    Entry[] entries = new Entry[SMALLEST];
    int size;

    /** Where a key is, or would be. */
    int find(String key) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (keys[middle].compareTo(key) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    boolean holds(int at, String key) {
      return at < size && keys[at].equals(key);
    }

    void insert(int at, Entry entry) {
      if (size == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
        entries = Arrays.copyOf(entries, 2 * size);
      }
      System.arraycopy(keys, at, keys, at + 1, size - at);
      System.arraycopy(entries, at, entries, at + 1, size - at);
      keys[at] = entry.key();
      entries[at] = entry;
      size++;
    }

    /** Takes out a range. */
    void remove(int from, int to) {
      System.arraycopy(keys, to, keys, from, size - to);
      System.arraycopy(entries, to, entries, from, size - to);
      int left = size - (to - from);
      Arrays.fill(keys, left, size, null);
      Arrays.fill(entries, left, size, null);
      size = left;
    }

    /** Takes out all from a place on, as a run of its own. */
    Run cut(int from) {
      Run rest = new Run();
      rest.size = size - from;
      int capacity = Math.max(rest.size, SMALLEST);
      rest.keys = Arrays.copyOfRange(keys, from, from + capacity);
      rest.entries = Arrays.copyOfRange(entries, from, from + capacity);
      remove(from, size);
      return rest;
    }
  }

  private final List<Run> runs = new ArrayList<>();

  /** The first key of each run, for the same reason. */
  private String[] firsts = new String[SMALLEST];

  /** For keys of a hash: the run in which such a key was, and where. */
  private final @Nullable Run[] hintRuns = new Run[HINTS];

  private final int[] hintPlaces = new int[HINTS];

  private int size;

  int size() {
    return size;
  }

  @Nullable Entry get(String key) {
    Run hinted = hinted(key);
    if (hinted != null) {
      return hinted.entries[hintPlaces[hint(key)]];
    }
    if (runs.isEmpty()) {
      return null;
    }
    Run run = runs.get(find(key));
    int at = run.find(key);
    if (!run.holds(at, key)) {
      return null;
    }
    remember(key, run, at);
    return run.entries[at];
  }

  private static int hint(String key) {
    return key.hashCode() & (HINTS - 1);
  }

  private void remember(String key, Run run, int at) {
    hintRuns[hint(key)] = run;
    hintPlaces[hint(key)] = at;
  }

  /**
   * The run that has a key, if the hint for it is right; its place is then the hint's. A key moves
   * on by one when another comes before it, and that is looked at, too.
   */
  private @Nullable Run hinted(String key) {
    int hint = hint(key);
    Run run = hintRuns[hint];
    if (run != null) {
      int at = hintPlaces[hint];
      if (run.holds(at, key)) {
        return run;
      }
      if (run.holds(at + 1, key)) {
        hintPlaces[hint] = at + 1;
        return run;
      }
    }
    return null;
  }

  /** Puts an entry in the place of any of the same key. */
  void put(Entry entry) {
    String key = entry.key();
    Run hinted = hinted(key);
    if (hinted != null) {
      hinted.entries[hintPlaces[hint(key)]] = entry;
      return;
    }
    if (runs.isEmpty()) {
      insert(0, new Run(), 0, entry);
      return;
    }
    int number = find(key);
    Run run = runs.get(number);
    int at = run.find(key);
    if (run.holds(at, key)) {
      run.entries[at] = entry;
      remember(key, run, at);
    } else if (run.size < CAPACITY) {
      run.insert(at, entry);
      firsts[number] = run.keys[0];
      size++;
    } else {
      // Where keys come in order, the cut leaves a full run behind; anywhere else, two halves.
      int cut = at >= CAPACITY * 3 / 4 ? at : CAPACITY / 2;
      Run rest = run.cut(cut);
      if (at >= cut) {
        insert(number + 1, rest, at - cut, entry);
      } else {
        addRun(number + 1, rest);
        run.insert(at, entry);
        firsts[number] = run.keys[0];
        size++;
      }
    }
  }

  /** Adds a run with one entry more than it has. */
  private void insert(int number, Run run, int at, Entry entry) {
    run.insert(at, entry);
    addRun(number, run);
    size++;
  }

  private void addRun(int number, Run run) {
    int count = runs.size();
    if (count == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * count);
    }
    System.arraycopy(firsts, number, firsts, number + 1, count - number);
    firsts[number] = run.keys[0];
    runs.add(number, run);
  }

  private void removeRun(int number) {
    runs.remove(number);
    System.arraycopy(firsts, number + 1, firsts, number, runs.size() - number);
    Arrays.fill(firsts, runs.size(), runs.size() + 1, null);
  }

  /** Removes the entries of a range of keys: from one on, and before the end. */
  void remove(String from, String end) {
    int number = runs.isEmpty() ? 0 : find(from);
    while (number < runs.size() && firsts[number].compareTo(end) < 0) {
      Run run = runs.get(number);
      int low = run.find(from);
      int high = run.find(end);
      run.remove(low, high);
      size -= high - low;
      if (run.size == 0) {
        removeRun(number);
      } else {
        firsts[number] = run.keys[0];
        number++;
      }
    }
  }

  /** The entries from a key on, in order, as long as nothing is added or removed. */
  Iterator<Entry> from(String key) {
    int number = runs.isEmpty() ? 0 : find(key);
    int at = runs.isEmpty() ? 0 : runs.get(number).find(key);
    return new Iterator<>() {
      private int run = number;
      private int next = at;

      @Override
      public boolean hasNext() {
        while (run < runs.size() && next == runs.get(run).size) {
          run++;
          next = 0;
        }
        return run < runs.size();
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return runs.get(run).entries[next++];
      }
    };
  }

  /** The run in which a key is, or would be: the last that does not begin behind it. */
  private int find(String key) {
    int low = 1;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (firsts[middle].compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
