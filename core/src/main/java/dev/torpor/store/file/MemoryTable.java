package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.NotLoadedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries in memory: all that is in no pack yet, and of the rest what was asked for lately. It
 * knows what it does not know: a look-up of what is neither here nor known to be nowhere is a
 * {@link NotLoadedException}, and whoever gets it has the range loaded and admitted.
 *
 * <p>How it knows: of each entry it is noted whether the gap before it is known to be empty. What
 * commits write is true whatever packs say, so it is put where it belongs, known gap or not; what
 * they remove leaves a removal behind, as long as a pack can have what it removes. A range that is
 * admitted fills its gaps with what packs have, and nothing that is here already is touched: it is
 * newer. What is in packs can be let go at any time, and makes its gap unknown.
 *
 * <p>Guarded by whoever owns it.
 */
public final class MemoryTable implements EntrySource {
  /** What stands in the place of a value where there is none. */
  enum None {
    /** The key was removed. */
    REMOVED,
    /** All that begins so, and is older, was removed. */
    PREFIX_REMOVED,
    /** Packs have nothing of this key. */
    NOTHING,
    /** Of this key nothing is known; what is known ends here. */
    BOUND
  }

  /** How many runs a commit looks at, at most, to see what can be let go. */
  private static final int SWEPT_BY_COMMITS = 2;

  private static final int SWEPT_BY_LOADS = 64;

  private final SortedEntries entries;
  private final long limit;
  private int live;

  /** What was removed by its prefix and is so in no pack yet, by the prefix. */
  private final TreeMap<String, Entry> removedPrefixes = new TreeMap<>();

  /** Up to which sequence number packs have all. */
  private long packed;

  /** Up to which sequence number a pack has, or is about to have, all. */
  private long cut;

  /** No higher sequence number was let go of. */
  private long goneSeq;

  /** How many entries were let go of. */
  private long gone;

  /** A table that has everything, of which there is nothing yet, and keeps it. */
  public MemoryTable() {
    this(0, Long.MAX_VALUE);
  }

  /**
   * A table over packs.
   *
   * @param packed up to which sequence number they have all; 0 when there are none
   * @param limit about how many bytes of heap it may hold, besides what is in no pack yet
   */
  MemoryTable(long packed, long limit) {
    this.entries = new SortedEntries(new Entry(SortedEntries.END, 0, 0, None.BOUND), packed == 0);
    this.packed = packed;
    this.cut = packed;
    this.limit = limit;
  }

  /** Makes the writes of a commit true, in their order. */
  public void apply(List<EntryWrite> writes, long seq) {
    for (EntryWrite write : writes) {
      switch (write) {
        case EntryWrite.Put(String key, long version, Object value) ->
            put(new Entry(key, version, seq, value));
        case EntryWrite.Remove(String key) -> remove(key, seq);
        case EntryWrite.RemovePrefix(String prefix) -> removePrefix(prefix, seq);
      }
    }
    sweep(SWEPT_BY_COMMITS);
  }

  private void put(Entry entry) {
    SortedEntries.Place place = entries.seek(entry.key());
    int weight = Weights.of(entry);
    if (place.is(entry.key())) {
      live += isLive(place.entry()) ? 0 : 1;
      place.set(entry, isInNoPack(place), weight);
    } else {
      live++;
      boolean known = place.isKnown();
      place.insert(entry, known, known, weight); // known to be nowhere: so no pack has it
    }
  }

  /** Whether no pack has an entry of this key, nor is about to. */
  private boolean isInNoPack(SortedEntries.Place place) {
    return place.isFresh() && place.entry().seq() > cut;
  }

  private static boolean isLive(Entry entry) {
    return !(entry.value() instanceof None);
  }

  private void remove(String key, long seq) {
    SortedEntries.Place place = entries.seek(key);
    if (!place.is(key)) {
      if (!place.isKnown()) {
        place.insert(none(key, seq, None.REMOVED), false, false, weight(key));
      }
      return;
    }
    live -= isLive(place.entry()) ? 1 : 0;
    if (isInNoPack(place)) {
      drop(place);
    } else {
      place.set(none(key, seq, None.REMOVED), false, weight(key));
    }
  }

  private static Entry none(String key, long seq, None value) {
    return new Entry(key, 0, seq, value);
  }

  private static int weight(String key) {
    return Weights.of(new Entry(key, 0, 0, ""));
  }

  /** Takes out what is known to be nowhere: the two gaps beside it become one. */
  private static void drop(SortedEntries.Place place) {
    boolean known = place.isKnown();
    place.remove();
    place.known(known && place.isKnown());
  }

  private void removePrefix(String prefix, long seq) {
    String end = Keys.behind(prefix);
    SortedEntries.Place place = entries.seek(prefix);
    boolean known = place.isKnown();
    while (Keys.compare(place.entry().key(), end) < 0) {
      live -= isLive(place.entry()) ? 1 : 0;
      place.remove();
      known &= place.isKnown();
    }
    place.known(known);
    removedPrefixes.put(prefix, none(prefix, seq, None.PREFIX_REMOVED));
  }

  private void sweep(int runs) {
    if (entries.weight() > limit) {
      entries.sweep(limit, runs, packed, this::canGo);
    }
  }

  private boolean canGo(Entry entry) {
    if (entry.seq() > packed) {
      return false; // beside others that may
    }
    live -= isLive(entry) ? 1 : 0;
    goneSeq = Math.max(goneSeq, entry.seq());
    gone++;
    return true;
  }

  /**
   * Cuts off what is in no pack: what is applied from here on belongs into the next one.
   *
   * @param seq of the last commit that was applied
   */
  Unpacked cut(long seq) {
    cut = seq;
    return unpacked();
  }

  /** What is in no pack. */
  Unpacked unpacked() {
    return new Unpacked(packed, List.copyOf(removedPrefixes.values()), entries.runsAbove(packed));
  }

  /**
   * What is in no pack of all that begins so, and what was removed of it.
   *
   * @param consumer gets entries, and removals with a {@link None} for a value
   */
  void unpacked(String prefix, Consumer<Entry> consumer) {
    for (Entry removal : removedPrefixes.values()) {
      if (prefix.startsWith(removal.key()) || removal.key().startsWith(prefix)) {
        consumer.accept(removal);
      }
    }
    entries.above(
        packed, prefix, prefix.isEmpty() ? SortedEntries.END : Keys.behind(prefix), consumer);
  }

  /** Packs have all up to a sequence number, which was cut off. */
  void packed(long seq) {
    packed = seq;
    for (Entry removal : List.copyOf(removedPrefixes.values())) {
      if (removal.seq() <= seq) {
        removedPrefixes.remove(removal.key());
        goneSeq = Math.max(goneSeq, removal.seq());
      }
    }
  }

  /** Up to which sequence number it lets packs speak. */
  long packed() {
    return packed;
  }

  /** How many entries are here that have a value. */
  public int size() {
    return live;
  }

  /** About how many bytes of heap all that is here holds. */
  long weight() {
    return entries.weight();
  }

  @Override
  public @Nullable Entry get(String key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      if (!entries.seek(key).isKnown()) {
        throw notLoaded(key);
      }
      return null;
    }
    if (entry.value() == None.BOUND) {
      throw notLoaded(key);
    }
    return isLive(entry) ? entry : null;
  }

  @Override
  public void need(Collection<String> keys) {
    List<NotLoadedException.Range> missing = new ArrayList<>();
    for (String key : keys) {
      SortedEntries.Place place = entries.seek(key);
      if (place.is(key) ? place.entry().value() == None.BOUND : !place.isKnown()) {
        missing.addAll(notLoaded(key).ranges());
      }
    }
    if (!missing.isEmpty()) {
      throw new NotLoadedException(missing);
    }
  }

  /**
   * What an agent has behind a key is likely to be asked for next. Ids of tasks and mail grow, so
   * that behind a new one is nothing, and to know that spares asking for the next. Of other
   * indexes, what is beside a key says nothing.
   */
  private static NotLoadedException notLoaded(String key) {
    int slash = key.indexOf('/');
    boolean alone =
        slash < 0
            || (key.startsWith("~") && !key.startsWith(Keys.TASKS) && !key.startsWith(Keys.MAIL));
    return new NotLoadedException(
        key, alone ? key + '\0' : Keys.behind(key.substring(0, slash + 1)));
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    return new Scan(prefix, from.compareTo(prefix) < 0 ? prefix : from);
  }

  private final class Scan implements Iterator<Entry> {
    private final String prefix;
    private final String from;
    private SortedEntries.@Nullable Place place;
    private @Nullable Entry next;

    Scan(String prefix, String from) {
      this.prefix = prefix;
      this.from = from;
    }

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = find();
      }
      return next != null;
    }

    private @Nullable Entry find() {
      SortedEntries.Place here = place;
      if (here == null) {
        here = entries.seek(from);
        place = here;
        if (!here.is(from) && !here.isKnown()) {
          throw notLoaded(from);
        }
      } else {
        step(here);
      }
      while (here.entry().key().startsWith(prefix) && !here.isEnd()) {
        if (here.entry().value() == None.BOUND) {
          throw notLoaded(here.entry().key());
        }
        if (isLive(here.entry())) {
          return here.entry();
        }
        step(here);
      }
      return null;
    }

    /** Goes on, if nothing can be in between. */
    private void step(SortedEntries.Place here) {
      if (here.isEnd() || !here.entry().key().startsWith(prefix)) {
        return;
      }
      String last = here.entry().key();
      here.next();
      if (!here.isKnown() && !here.is(last + '\0')) { // between these two can be nothing
        throw notLoaded(last + '\0');
      }
    }

    private NotLoadedException notLoaded(String key) {
      return new NotLoadedException(
          key, prefix.isEmpty() ? SortedEntries.END : Keys.behind(prefix));
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry found = Objects.requireNonNull(next);
      next = null;
      return found;
    }
  }

  /** Lets go of what it can, before more is admitted. */
  void makeRoom() {
    sweep(SWEPT_BY_LOADS);
  }

  /** Takes in what packs have of a range; nothing, when newer entries are gone from here. */
  void admit(LoadedRange range) {
    if (range.admittedAt == gone) {
      return; // nothing is gone since
    }
    if (range.packed() < goneSeq) {
      return;
    }
    bound(range.end());
    begin(range.from());
    range.entries().forEach(this::fill);
    join(range.from(), range.end());
    range.admittedAt = gone;
  }

  /** What is known of a range ends with it. */
  private void bound(String end) {
    SortedEntries.Place place = entries.seek(end);
    if (!place.is(end) && !place.isKnown()) {
      place.insert(none(end, 0, None.BOUND), false, false, weight(end));
    }
  }

  /** What is known of a range begins with it. */
  private void begin(String from) {
    SortedEntries.Place place = entries.seek(from);
    if (place.is(from) ? place.entry().value() == None.BOUND : !place.isKnown()) {
      Entry nothing = none(from, 0, None.NOTHING);
      if (place.is(from)) {
        place.set(nothing, false, weight(from));
      } else {
        place.insert(nothing, false, false, weight(from));
      }
    }
  }

  /** Puts what packs have of a key where nothing else is known of it. */
  private void fill(Entry entry) {
    if (isRemovedByPrefix(entry)) {
      return;
    }
    SortedEntries.Place place = entries.seek(entry.key());
    if (place.is(entry.key())) {
      if (isMark(place.entry())) {
        place.set(entry, false, Weights.of(entry));
        live++;
      }
    } else if (!place.isKnown()) {
      place.insert(entry, false, false, Weights.of(entry));
      live++;
    }
  }

  private boolean isRemovedByPrefix(Entry entry) {
    if (!removedPrefixes.isEmpty()) {
      String key = entry.key();
      for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
        Entry removal = removedPrefixes.get(key.substring(0, slash + 1));
        if (removal != null && removal.seq() > entry.seq()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether it only marks where what is known begins or ends. */
  private static boolean isMark(Entry entry) {
    return entry.value() == None.NOTHING || entry.value() == None.BOUND;
  }

  /** All of a range is known: its gaps are, and marks within it say nothing more. */
  private void join(String from, String end) {
    SortedEntries.Place place = entries.seek(from);
    if (place.is(from)) {
      place.next();
    }
    while (Keys.compare(place.entry().key(), end) < 0) {
      place.known(true);
      if (isMark(place.entry())) {
        place.remove();
      } else {
        place.next();
      }
    }
    if (place.is(end)) {
      place.known(true);
    }
  }
}
