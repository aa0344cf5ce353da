package dev.torpor.store.file.pack;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Several cursors seen as one: of each key the newest entry, and none that a newer cursor removes
 * by its prefix. Holds one entry of each cursor at a time. Not thread-safe.
 *
 * <p>An entry that removes a prefix sorts before all that begin with it, so the prefixes that count
 * at some key are nested, and a stack has them.
 */
public final class Merge implements EntryCursor {

  /** Says of what is not removed how much counts. */
  @FunctionalInterface
  public interface Keeper {
    /** Keeps everything. */
    Keeper OF_ALL = entry -> entry;

    /**
     * Asked in the order of keys, of the newest entry of each that has a value.
     *
     * @return it, or another of the same key, version and sequence number; null when it counts as
     *     removed
     */
    @Nullable PackEntry kept(PackEntry entry);
  }

  /** The entry that a cursor is at; the age counts from the newest cursor. */
  private record Head(int age, PackEntry entry) {}

  private final List<EntryCursor> cursors;
  private final boolean nothingOlder;
  private final Keeper keeper;

  private final PriorityQueue<Head> heads =
      new PriorityQueue<>(
          (a, b) -> {
            int order = Arrays.compareUnsigned(a.entry().keyBytes(), b.entry().keyBytes());
            return order != 0 ? order : Integer.compare(a.age(), b.age());
          });

  /** What removes prefixes of the key that is looked at, each newer than those below it. */
  private final Deque<Head> prefixes = new ArrayDeque<>();

  private boolean begun;

  /**
   * Sees cursors as one, with all removals.
   *
   * @param newestFirst each one's entries are newer than those of all behind it
   */
  public Merge(List<EntryCursor> newestFirst) {
    this(newestFirst, false, Keeper.OF_ALL);
  }

  /**
   * Sees cursors as one.
   *
   * @param newestFirst each one's entries are newer than those of all behind it
   * @param nothingOlder whether no run is older than the last of them, so that removals, having
   *     nothing to remove, are left out
   * @param keeper says what counts
   */
  public Merge(List<EntryCursor> newestFirst, boolean nothingOlder, Keeper keeper) {
    cursors = List.copyOf(newestFirst);
    this.nothingOlder = nothingOlder;
    this.keeper = keeper;
  }

  @Override
  public @Nullable PackEntry next() throws IOException {
    if (!begun) {
      begun = true;
      for (int age = 0; age < cursors.size(); age++) {
        advance(age);
      }
    }
    for (@Nullable Head newest = heads.poll(); newest != null; newest = heads.poll()) {
      @Nullable PackEntry entry = join(newest);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  private void advance(int age) throws IOException {
    PackEntry entry = cursors.get(age).next();
    if (entry != null) {
      heads.add(new Head(age, entry));
    }
  }

  /** Makes one entry of all that have the newest one's key; null if nothing is left of them. */
  private @Nullable PackEntry join(Head newest) throws IOException {
    byte[] key = newest.entry().keyBytes();
    while (!prefixes.isEmpty()
        && !KeyBeginnings.begins(key, prefixes.getFirst().entry().keyBytes())) {
      prefixes.removeFirst();
    }
    boolean removesPrefix = false;
    boolean covered = isCovered(newest);
    for (@Nullable Head head = newest; head != null; head = nextOf(key)) {
      if (head.entry().removesPrefix() && !isCovered(head)) {
        removesPrefix = true;
        prefixes.addFirst(head);
      }
      advance(head.age());
    }
    return covered ? null : kept(newest.entry(), removesPrefix);
  }

  /** Tells whether a newer cursor removes a prefix of the head's key. */
  private boolean isCovered(Head head) {
    return !prefixes.isEmpty() && prefixes.getFirst().age() < head.age();
  }

  private @Nullable Head nextOf(byte[] key) {
    Head head = heads.peek();
    return head != null && Arrays.equals(head.entry().keyBytes(), key) ? heads.poll() : null;
  }

  private @Nullable PackEntry kept(PackEntry newest, boolean removesPrefix) {
    PackEntry kept = newest.hasValue() ? keeper.kept(newest) : null;
    if (nothingOlder) {
      return kept == null ? null : kept.withPrefixRemoved(false);
    }
    PackEntry entry = kept == null ? newest.withoutValue() : kept;
    return entry.withPrefixRemoved(removesPrefix);
  }
}
