package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their keys, each with what is known of the gap before it: a B+ tree of
 * two levels, a list of sorted arrays, and hints where the keys are that somebody asked for.
 *
 * <p>A search is two binary searches, and an insertion moves part of one short array; now and then
 * an array is cut in two, and the list grows by one. Beside a {@link java.util.TreeMap} it has no
 * object for each key, neighbours in order are neighbours in memory, and keys that come in order,
 * as messages do, fill arrays that are then left alone. A hint spares the search for a key that was
 * asked for lately, as an agent's session is all the time; one that is out of date is seen to be.
 *
 * <p>Each entry has three things beside it: whether the gap before it is <em>known</em>, which
 * means that no key between it and the entry before exists anywhere; whether it is <em>fresh</em>,
 * which is its owner's to interpret; and its weight, about the bytes of heap that it holds. The
 * last entry is an end behind all keys, which stays. Not thread-safe.
 */
final class SortedEntries {
  /** Behind all keys: none begins with a character that is none. */
  static final String END = "\uffff";

  /** Most entries of a run: moving half of it costs less than finding it. */
  private static final int CAPACITY = 256;

  private static final int SMALLEST = 16;

  /** A power of two. */
  private static final int HINTS = 1024;

  private static final int KNOWN = 1;
  private static final int FRESH = 2;
  private static final int WEIGHT_SHIFT = 2;

  /** Sorted keys, their entries and marks, side by side, so that a search touches keys alone. */
  private static final class Run {
    String[] keys = new String[SMALLEST];
    Entry[] entries = new Entry[SMALLEST];
    int[] marks = new int[SMALLEST];
    int size;

    /** No entry of it has a higher sequence number. */
    long highestSeq;

    /** No entry of it has a lower sequence number. */
    long lowestSeq = Long.MAX_VALUE;

    /** Whether anybody was here since the last sweep. */
    boolean used;

    /** Where a key is, or would be. */
    int find(String key) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (Keys.compare(keys[middle], key) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    /** Whether a key is in this run, if it is anywhere, and would be put into it otherwise. */
    boolean spans(String key) {
      return size > 0 && Keys.compare(keys[0], key) <= 0 && Keys.compare(key, keys[size - 1]) <= 0;
    }

    boolean holds(int at, String key) {
      return at < size && keys[at].equals(key);
    }

    void insert(int at, Entry entry, int mark) {
      if (size == keys.length) {
        grow(2 * size);
      }
      System.arraycopy(keys, at, keys, at + 1, size - at);
      System.arraycopy(entries, at, entries, at + 1, size - at);
      System.arraycopy(marks, at, marks, at + 1, size - at);
      size++;
      set(at, entry, mark);
    }

    private void grow(int capacity) {
      keys = Arrays.copyOf(keys, capacity);
      entries = Arrays.copyOf(entries, capacity);
      marks = Arrays.copyOf(marks, capacity);
    }

    void set(int at, Entry entry, int mark) {
      keys[at] = entry.key();
      entries[at] = entry;
      marks[at] = mark;
      highestSeq = Math.max(highestSeq, entry.seq());
      lowestSeq = Math.min(lowestSeq, entry.seq());
      used = true;
    }

    /** Takes out a range. */
    void remove(int from, int to) {
      System.arraycopy(keys, to, keys, from, size - to);
      System.arraycopy(entries, to, entries, from, size - to);
      System.arraycopy(marks, to, marks, from, size - to);
      int left = size - (to - from);
      Arrays.fill(keys, left, size, null);
      Arrays.fill(entries, left, size, null);
      size = left;
    }

    /** Takes out all from a place on, as a run of its own. */
    Run cut(int from) {
      Run rest = new Run();
      rest.append(this, from);
      remove(from, size);
      return rest;
    }

    /** Takes over what another one has from a place on; it has a copy of it still. */
    void append(Run other, int from) {
      int count = other.size - from;
      if (size + count > keys.length) {
        grow(Math.max(size + count, SMALLEST));
      }
      System.arraycopy(other.keys, from, keys, size, count);
      System.arraycopy(other.entries, from, entries, size, count);
      System.arraycopy(other.marks, from, marks, size, count);
      size += count;
      highestSeq = Math.max(highestSeq, other.highestSeq);
      lowestSeq = Math.min(lowestSeq, other.lowestSeq);
      used |= other.used;
    }
  }

  private final List<Run> runs = new ArrayList<>();

  /** The first key of each run, for the same reason. */
  private String[] firsts = new String[SMALLEST];

  /** For keys of a hash: the run in which such a key was, and where. */
  private final @Nullable Run[] hintRuns = new Run[HINTS];

  private final int[] hintPlaces = new int[HINTS];

  /** The run in which a key was that has all but what is behind the last slash from such a key. */
  private final @Nullable Run[] nearRuns = new Run[HINTS];

  private int size;
  private long weight;

  /** Where the next sweep goes on. */
  private int hand;

  /**
   * @param end its key is {@link #END}
   * @param known whether nothing is anywhere yet
   */
  SortedEntries(Entry end, boolean known) {
    Run first = new Run();
    first.insert(0, end, known ? KNOWN : 0);
    runs.add(first);
    firsts[0] = END;
  }

  /** How many there are, but for the end. */
  int size() {
    return size;
  }

  /** About how many bytes of heap they hold. */
  long weight() {
    return weight;
  }

  /** The entry of a key; of none, null. */
  @Nullable Entry get(String key) {
    Run hinted = hinted(key);
    if (hinted != null) {
      hinted.used = true;
      return hinted.entries[hintPlaces[hint(key)]];
    }
    Run run = runs.get(find(key));
    run.used = true;
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

  /** The first entry at or behind a key. */
  Place seek(String key) {
    Place place = new Place();
    Run hinted = hinted(key);
    if (hinted != null) {
      place.number = -1; // found when it is needed
      place.run = hinted;
      place.at = hintPlaces[hint(key)];
      hinted.used = true;
      return place;
    }
    Run near = nearRuns[nearHint(key)];
    if (near != null && near.spans(key)) {
      place.number = -1;
      place.run = near;
    } else {
      place.number = find(key);
      place.run = runs.get(place.number);
      nearRuns[nearHint(key)] = place.run;
    }
    place.run.used = true;
    place.at = place.run.find(key);
    if (place.run.holds(place.at, key)) {
      remember(key, place.run, place.at);
    }
    place.skipEnd();
    return place;
  }

  /** Of all keys that differ in what is behind the last slash, the same. */
  private static int nearHint(String key) {
    return key.substring(0, key.lastIndexOf('/') + 1).hashCode() & (HINTS - 1);
  }

  /** A place among the entries; good until something is added or removed elsewhere. */
  final class Place {
    /** Which run that is; -1 while nobody needed to know. */
    private int number;

    private Run run = runs.getFirst();
    private int at;

    Entry entry() {
      return run.entries[at];
    }

    boolean is(String key) {
      return run.keys[at].equals(key);
    }

    /** Whether no key exists anywhere between this entry and the one before. */
    boolean isKnown() {
      return (run.marks[at] & KNOWN) != 0;
    }

    boolean isFresh() {
      return (run.marks[at] & FRESH) != 0;
    }

    void known(boolean known) {
      run.marks[at] = known ? run.marks[at] | KNOWN : run.marks[at] & ~KNOWN;
    }

    boolean isEnd() {
      return run.keys[at].equals(END);
    }

    /** Goes to the next entry; the end has none. */
    void next() {
      at++;
      skipEnd();
    }

    /** Behind the last entry of a run is the first one of the next. */
    private void skipEnd() {
      if (at == run.size) {
        number = number() + 1;
        run = runs.get(number);
        at = 0;
        run.used = true;
      }
    }

    private int number() {
      if (number < 0) {
        number = SortedEntries.this.find(run.keys[Math.min(at, run.size - 1)]);
      }
      return number;
    }

    /** Puts an entry of the same key in the place of this one. */
    void set(Entry entry, boolean fresh, int newWeight) {
      weight += newWeight - (run.marks[at] >>> WEIGHT_SHIFT);
      run.set(at, entry, mark(isKnown(), fresh, newWeight));
    }

    /** Puts an entry before this one; this is the new one's place then. */
    void insert(Entry entry, boolean known, boolean fresh, int newWeight) {
      int mark = mark(known, fresh, newWeight);
      size++;
      weight += newWeight;
      if (at == 0 && number() > 0 && runs.get(number - 1).size < CAPACITY) {
        number--; // keys that come in order are added to the run that they belong to
        run = runs.get(number);
        at = run.size;
      }
      if (run.size == CAPACITY) {
        // Where keys come in order, the cut leaves a full run behind; anywhere else, two halves.
        int cut = at >= CAPACITY * 3 / 4 ? at : CAPACITY / 2;
        Run rest = run.cut(cut);
        addRun(number() + 1, rest);
        if (at >= cut) {
          number++;
          run = rest;
          at -= cut;
        }
      }
      run.insert(at, entry, mark);
      if (at == 0) {
        firsts[number()] = entry.key();
      }
    }

    /** Removes this entry; this is the next one's place then, which keeps what is known of it. */
    void remove() {
      size--;
      weight -= run.marks[at] >>> WEIGHT_SHIFT;
      int here = number();
      run.remove(at, at + 1);
      if (run.size == 0) {
        removeRun(here);
        run = runs.get(here);
        return;
      }
      firsts[here] = run.keys[0];
      skipEnd();
    }
  }

  private static int mark(boolean known, boolean fresh, int weight) {
    return weight << WEIGHT_SHIFT | (known ? KNOWN : 0) | (fresh ? FRESH : 0);
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
    Run gone = runs.remove(number);
    gone.remove(0, gone.size); // hints may lead to it
    System.arraycopy(firsts, number + 1, firsts, number, runs.size() - number);
    Arrays.fill(firsts, runs.size(), runs.size() + 1, null);
  }

  /** The run in which a key is, or would be: the last that does not begin behind it. */
  private int find(String key) {
    int low = 1;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Keys.compare(firsts[middle], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Copies of the runs, in order, that have entries whose sequence number is above one. */
  List<Entry[]> runsAbove(long seq) {
    List<Entry[]> above = new ArrayList<>();
    for (Run run : runs) {
      if (run.highestSeq > seq) {
        above.add(Arrays.copyOf(run.entries, run.size));
      }
    }
    return above;
  }

  /**
   * Shows all whose sequence number is above one, in order, of keys from one on and before the end.
   */
  void above(long seq, String from, String end, Consumer<Entry> consumer) {
    for (int i = find(from); i < runs.size() && Keys.compare(firsts[i], end) < 0; i++) {
      Run run = runs.get(i);
      if (run.highestSeq > seq) {
        int to = run.find(end);
        for (int at = run.find(from); at < to; at++) {
          if (run.entries[at].seq() > seq) {
            consumer.accept(run.entries[at]);
          }
        }
      }
    }
  }

  /**
   * Lets go of entries, where nobody was since the last sweep came by, until the rest is light
   * enough; the gaps in which they were are not known any more.
   *
   * @param most how many runs to look at
   * @param seq above it, none may be let go
   * @param canGo which of the others may
   */
  void sweep(long lightEnough, int most, long seq, Predicate<Entry> canGo) {
    for (int i = 0; i < most && weight > lightEnough; i++) {
      if (hand >= runs.size()) {
        hand = 0;
      }
      Run run = runs.get(hand);
      if (run.used) {
        run.used = false;
        hand++;
      } else if (run.lowestSeq > seq) {
        hand++;
      } else if (letGo(run, canGo)) {
        removeRun(hand);
      } else {
        firsts[hand] = run.keys[0];
        hand = joined() ? hand : hand + 1;
      }
    }
  }

  /** Lets go of what may go of a run; true when nothing is left of it. */
  private boolean letGo(Run run, Predicate<Entry> canGo) {
    int kept = 0;
    boolean gap = false;
    run.lowestSeq = Long.MAX_VALUE;
    for (int i = 0; i < run.size; i++) {
      Entry entry = run.entries[i];
      if (!entry.key().equals(END) && canGo.test(entry)) {
        weight -= run.marks[i] >>> WEIGHT_SHIFT;
        size--;
        gap = true;
      } else {
        run.keys[kept] = run.keys[i];
        run.entries[kept] = entry;
        run.marks[kept++] = gap ? run.marks[i] & ~KNOWN : run.marks[i];
        run.lowestSeq = Math.min(run.lowestSeq, entry.seq());
        gap = false;
      }
    }
    run.remove(kept, run.size);
    if (gap) {
      runs.get(hand + 1).marks[0] &= ~KNOWN; // the last run holds the end, so there is a next one
    }
    return kept == 0;
  }

  /** Joins the run at the hand to the one before, if both are nearly empty. */
  private boolean joined() {
    if (hand == 0) {
      return false;
    }
    Run run = runs.get(hand);
    Run before = runs.get(hand - 1);
    if (before.size + run.size > CAPACITY / 4) {
      return false;
    }
    before.append(run, 0);
    removeRun(hand);
    return true;
  }
}
