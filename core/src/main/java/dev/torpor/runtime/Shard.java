package dev.torpor.runtime;

import dev.torpor.rules.Draft;
import dev.torpor.state.Change;
import dev.torpor.state.Fold;
import dev.torpor.state.Limits;
import dev.torpor.state.NotLoadedException;
import dev.torpor.state.Stamp;
import dev.torpor.store.Commit;
import dev.torpor.store.Loaded;
import dev.torpor.store.StateStore;
import dev.torpor.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard: its store, its fold, and the one lock under which everything about it is decided.
 * Decisions are pipelined: each sees the ones before it, durable or not; what leaves this class has
 * waited until it was. Thread-safe.
 */
final class Shard {
  private static final Logger log = LoggerFactory.getLogger(Shard.class);

  /** How long a request waits for journal space that is being prepared. */
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);

  /** How often to look for the lock before queueing for it. */
  private static final int LOOKS = 200;

  /** How long what cannot be refused rests on a full disk; each try fills what is left of it. */
  private static final Duration FULL_PAUSE = Duration.ofSeconds(1);

  private final StateStore store;
  private final Fold fold;
  private final Clock clock;
  private final Limits limits;
  private final Supplier<String> ids;
  private final ReentrantLock lock = new ReentrantLock();
  private Listener listener = (_, _) -> {};

  /** Hears of each commit, under the lock, once it is taken. It may decide more. */
  interface Listener {
    void committed(Stamp stamp, List<Change> changes);
  }

  /**
   * A decision that was taken and is not yet durable.
   *
   * @param seq what must be durable before the answer may leave
   */
  record Taken<T extends @Nullable Object>(T answer, long seq) {}

  Shard(StateStore store, Clock clock, Limits limits, Supplier<String> ids) {
    this.store = store;
    this.fold = new Fold(store.entries(), store.names());
    this.clock = clock;
    this.limits = limits;
    this.ids = ids;
  }

  void listen(Listener listener) {
    this.listener = listener;
  }

  Limits limits() {
    return limits;
  }

  String newId() {
    return ids.get();
  }

  /** Decides, and returns when the decision is durable; so does a refusal wait for what it saw. */
  <T extends @Nullable Object> T decide(Function<Draft, T> rule) {
    Taken<T> taken = take(rule);
    store.awaitDurable(taken.seq());
    return taken.answer();
  }

  /** {@link #decide} for a caller that does not wait. A refusal comes at once, as an exception. */
  <T> CompletableFuture<T> decideSoon(Function<Draft, T> rule) {
    Taken<T> taken = take(rule);
    return store.whenDurable(taken.seq()).thenApply(_ -> taken.answer());
  }

  /**
   * Decides, and returns before the decision is durable: for those who wait later, or tell nobody.
   */
  <T extends @Nullable Object> Taken<T> take(Function<Draft, T> rule) {
    while (true) {
      Attempt<T> attempt = locked(() -> attempt(rule));
      Taken<T> taken = attempt.taken();
      if (taken != null) {
        return taken;
      }
      RuntimeException refusal = attempt.refusal();
      if (refusal != null) {
        store.awaitDurable(attempt.seen());
        throw refusal;
      }
      store.awaitRoom(REQUEST_PATIENCE);
    }
  }

  /**
   * What came of trying to decide: a decision, a refusal, or neither, for want of room.
   *
   * @param seen what a refusal may have seen
   */
  private record Attempt<T extends @Nullable Object>(
      @Nullable Taken<T> taken, @Nullable RuntimeException refusal, long seen) {}

  private <T extends @Nullable Object> Attempt<T> attempt(Function<Draft, T> rule) {
    if (!store.hasRoom()) {
      return new Attempt<>(null, null, 0);
    }
    try {
      return new Attempt<>(decideHere(rule), null, 0);
    } catch (NotLoadedException missing) {
      throw missing;
    } catch (RuntimeException refusal) {
      return new Attempt<>(null, refusal, store.appended());
    }
  }

  /**
   * {@link #decide} for what must not be refused for lack of space: it waits until there is some.
   */
  <T extends @Nullable Object> T decidePatiently(Function<Draft, T> rule) {
    while (true) {
      try {
        return decide(rule);
      } catch (StoreException e) {
        restIfFull(e);
      }
    }
  }

  /** Waits until there is room for a commit, however long; outside the lock. */
  void awaitRoomPatiently() {
    while (true) {
      try {
        store.awaitRoom(REQUEST_PATIENCE);
        return;
      } catch (StoreException e) {
        restIfFull(e);
      }
    }
  }

  private static void restIfFull(StoreException e) {
    if (e.reason() != StoreException.Reason.FULL) {
      throw e;
    }
    log.warn("waits for space: {}", e.getMessage());
    rest(FULL_PAUSE);
  }

  /** An interrupt is kept for the caller: what waits here must not be given up. */
  private static void rest(Duration pause) {
    boolean interrupted = false;
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks a rule that changes nothing; the answer, or the refusal, waits for what it saw. */
  <T extends @Nullable Object> T consult(Function<Draft, T> rule) {
    return read(
        _ -> rule.apply(new Draft(fold, new Stamp(store.appended() + 1, now()), limits, ids)));
  }

  /**
   * Decides under the lock that the caller holds, with room that the caller saw; a rule that throws
   * has changed nothing.
   */
  <T extends @Nullable Object> Taken<T> decideHere(Function<Draft, T> rule) {
    Stamp stamp = new Stamp(store.appended() + 1, now());
    Draft draft = new Draft(fold, stamp, limits, ids);
    T answer;
    try {
      answer = rule.apply(draft);
      if (!draft.changes().isEmpty()) {
        store.commit(store.owned(), new Commit(stamp, draft.changes(), fold.take()));
      }
    } finally {
      fold.undo();
    }
    if (!draft.changes().isEmpty()) {
      listener.committed(stamp, draft.changes());
    }
    return new Taken<>(answer, store.appended());
  }

  /** Whether the next decision finds room; under the lock. */
  boolean hasRoom() {
    return store.hasRoom();
  }

  /** Reads, and returns when what was read is durable. The reader must not keep the fold. */
  <T extends @Nullable Object> T read(Function<Fold, T> reader) {
    long[] seen = {0};
    try {
      return locked(
          () -> {
            seen[0] = store.appended();
            return reader.apply(fold);
          });
    } finally {
      store.awaitDurable(seen[0]);
    }
  }

  /** Looks at the state under the lock, which the caller holds; nothing of it may leave memory. */
  <T extends @Nullable Object> T peek(Function<Fold, T> reader) {
    return reader.apply(fold);
  }

  /**
   * Runs something under the lock; once more from its beginning, when it asks for what is not in
   * memory, with that loaded. So it must have changed nothing until then; it neither waits nor runs
   * code of users.
   */
  <T extends @Nullable Object> T locked(Supplier<T> action) {
    List<Loaded> loaded = List.of();
    while (true) {
      NotLoadedException missing;
      enter();
      try {
        if (!loaded.isEmpty()) {
          store.admit(loaded);
        }
        return action.get();
      } catch (NotLoadedException e) {
        missing = e;
      } finally {
        lock.unlock();
      }
      loaded = loaded.isEmpty() ? new ArrayList<>() : loaded;
      loaded.add(store.load(missing));
    }
  }

  void awaitDurable(long seq) {
    store.awaitDurable(seq);
  }

  /**
   * Takes the lock. A decision takes a few microseconds, which is less than a thread needs to go to
   * sleep and wake: so who finds the lock taken looks again for about as long, and only then
   * queues.
   */
  private void enter() {
    for (int i = 0; i < LOOKS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  /** The time in whole microseconds, which is what is written. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
