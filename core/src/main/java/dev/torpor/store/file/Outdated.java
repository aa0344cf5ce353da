package dev.torpor.store.file;

import dev.torpor.state.Keys;
import dev.torpor.state.Remembered;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.Merge;
import dev.torpor.store.file.pack.PackEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back from a merge what counts as removed though nobody removed it, so that no reader sees a
 * difference: idempotency keys that have expired, and index entries that lead to an agent which was
 * deleted behind them. That it was, is known in time: {@code ~deleted/} sorts before all of them.
 * For one merge, by one thread.
 */
final class Outdated implements Merge.Keeper {
  /** So many deletions are kept in mind, at most, which are about ten megabytes. */
  private static final int DELETIONS = 50_000;

  private final StateSerializer serializer;
  private final Instant now;
  private final Duration keysKept;
  private final long since;
  private final int limit;

  /** In which commit agents were deleted, by their ids in lower case. */
  private final Map<String, Long> deleted = new HashMap<>();

  /** The same, the last first. */
  private final PriorityQueue<Map.Entry<String, Long>> lastFirst =
      new PriorityQueue<>((a, b) -> Long.compare(b.getValue(), a.getValue()));

  /** What agents left that were deleted up to here is known, and not of those behind. */
  private long knownTo = Long.MAX_VALUE;

  /** What is remembered of a request that came then, or later, has not expired. */
  private long freshFrom = Long.MAX_VALUE;

  /**
   * @param keysKept how long idempotency keys count
   * @param since nothing is left of agents that were deleted up to this sequence number
   */
  Outdated(StateSerializer serializer, Instant now, Duration keysKept, long since) {
    this(serializer, now, keysKept, since, DELETIONS);
  }

  Outdated(StateSerializer serializer, Instant now, Duration keysKept, long since, int deletions) {
    this.serializer = serializer;
    this.now = now;
    this.keysKept = keysKept;
    this.since = since;
    this.limit = deletions;
  }

  /**
   * Up to which sequence number all deletions that the merge has met were kept in mind. What agents
   * left that were deleted behind it may be there still.
   */
  long knownTo() {
    return knownTo;
  }

  @Override
  public @Nullable PackEntry kept(PackEntry entry) {
    if (!entry.beginsWith('~')) {
      return entry;
    }
    String key = entry.key();
    return switch (Keys.kind(key)) {
      case "~deleted" -> {
        note(Keys.last(key), entry.seq());
        yield entry;
      }
      case "~key", "~mail", "~task", "~tasks", "~thread", "~undeliverable" ->
          isOutdated(entry, key) ? null : entry;
      default -> entry;
    };
  }

  private boolean isOutdated(PackEntry entry, String key) {
    try {
      return key.startsWith(Keys.REMEMBERED) ? isExpired(entry) : isOfDeleted(entry);
    } catch (IllegalArgumentException unreadable) {
      return false; // whoever needs it is told
    }
  }

  private void note(String agent, long seq) {
    if (seq > since && seq <= knownTo) {
      deleted.put(agent, seq);
      lastFirst.add(Map.entry(agent, seq));
      if (deleted.size() > limit) {
        Map.Entry<String, Long> last = lastFirst.remove();
        deleted.remove(last.getKey());
        knownTo = last.getValue() - 1;
      }
    }
  }

  private boolean isOfDeleted(PackEntry line) {
    if (deleted.isEmpty()) {
      return false;
    }
    Long seq = deleted.get(read(String.class, line).toLowerCase(Locale.ROOT));
    return seq != null && seq >= line.seq();
  }

  /** Most are told by their age alone: commits are numbered in the order of time. */
  private boolean isExpired(PackEntry entry) {
    if (entry.seq() >= freshFrom) {
      return false;
    }
    Remembered request = read(Remembered.class, entry);
    if (Duration.between(request.at(), now).compareTo(keysKept) > 0) {
      return true;
    }
    freshFrom = entry.seq();
    return false;
  }

  private <T> T read(Class<T> type, PackEntry entry) {
    byte[] json = entry.value();
    return serializer.read(type, json, 0, json.length);
  }
}
