package dev.torpor.store.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.state.Erased;
import dev.torpor.state.Keys;
import dev.torpor.state.Remembered;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.Merge;
import dev.torpor.store.file.pack.PackEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back from a merge what counts as removed though nobody removed it, so that no reader sees a
 * difference: idempotency keys that have expired, answers that were erased, and index entries that
 * lead to an agent which was deleted behind them. That it was, is known in time: {@code ~deleted/}
 * and {@code ~erased} sort before all of them. For one merge, by one thread.
 */
final class Outdated implements Merge.Keeper {
  /** So many deletions are kept in mind, at most, which are about ten megabytes. */
  private static final int DELETIONS = 50_000;

  private static final byte[] OF_STORE = {'~'};
  private static final byte[] DELETED = Keys.DELETED.getBytes(US_ASCII);
  private static final byte[] ERASED = Keys.ERASED.getBytes(US_ASCII);
  private static final byte[] REMEMBERED = Keys.REMEMBERED.getBytes(US_ASCII);

  /** The indexes of which a deletion leaves entries. */
  private static final List<byte[]> BY_ID =
      Stream.of(Keys.TASKS, "~tasks/", Keys.MAIL, "~thread/", Keys.UNDELIVERABLE)
          .map(index -> index.getBytes(US_ASCII))
          .toList();

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

  /** Answers to agents that were deleted up to here are given to nobody. */
  private long erased;

  /** What is remembered of a request that came then, or later, has not expired. */
  private long freshFrom = Long.MAX_VALUE;

  /**
   * @param keysKept how long idempotency keys count
   * @param since nothing is left of agents that were deleted up to this sequence number
   * @param erased answers to agents that were deleted up to this one are given to nobody; also what
   *     the merge finds said of that
   */
  Outdated(StateSerializer serializer, Instant now, Duration keysKept, long since, long erased) {
    this(serializer, now, keysKept, since, erased, DELETIONS);
  }

  Outdated(
      StateSerializer serializer,
      Instant now,
      Duration keysKept,
      long since,
      long erased,
      int deletions) {
    this.serializer = serializer;
    this.now = now;
    this.keysKept = keysKept;
    this.since = since;
    this.erased = erased;
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
    if (!entry.beginsWith(OF_STORE)) {
      return entry;
    }
    if (entry.beginsWith(DELETED)) {
      note(Keys.last(entry.key()), entry.seq());
    } else if (entry.beginsWith(ERASED)) {
      erased = Math.max(erased, erasedUpTo(entry));
    } else if (entry.beginsWith(REMEMBERED)) {
      return request(entry);
    } else if (!deleted.isEmpty() && isById(entry) && isOfDeleted(entry)) {
      return null;
    }
    return entry;
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

  private static boolean isById(PackEntry entry) {
    for (byte[] index : BY_ID) {
      if (entry.beginsWith(index)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfDeleted(PackEntry line) {
    String agent = read(String.class, line);
    Long gone = agent == null ? null : deleted.get(agent.toLowerCase(Locale.ROOT));
    return gone != null && gone >= line.seq();
  }

  private long erasedUpTo(PackEntry entry) {
    Erased value = read(Erased.class, entry);
    return value == null ? 0 : value.upTo();
  }

  /** What is remembered of a request; without the answer, where that was erased. */
  private @Nullable PackEntry request(PackEntry entry) {
    if (entry.seq() < freshFrom) {
      Remembered request = read(Remembered.class, entry);
      if (request == null) {
        return entry;
      }
      if (Duration.between(request.at(), now).compareTo(keysKept) > 0) {
        return null;
      }
      if (!request.at().isAfter(now)) { // by a clock that was ahead it says nothing of the others
        freshFrom = entry.seq(); // commits are numbered in the order of time
      }
    }
    if (deleted.isEmpty()) {
      return entry;
    }
    Long gone = deleted.get(Keys.rememberedAgent(entry.key()));
    return gone != null && gone > entry.seq() && gone <= erased ? withoutAnswer(entry) : entry;
  }

  private PackEntry withoutAnswer(PackEntry entry) {
    Remembered request = read(Remembered.class, entry);
    if (request == null || request.answer() == null) {
      return entry;
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    try {
      serializer.write(new Remembered(request.digest(), null, request.at()), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entry.withValue(json.toByteArray());
  }

  /** The value of an entry; null when it cannot be read, which whoever needs it is told. */
  private <T> @Nullable T read(Class<T> type, PackEntry entry) {
    byte[] json = entry.value();
    try {
      return serializer.read(type, json, 0, json.length);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
