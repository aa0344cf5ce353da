package dev.torpor.runtime;

import dev.torpor.rules.Rules;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what is due by the wall clock: sleeps that end, tasks whose time comes. It reads the
 * due entries, earliest first, and looks at the clock at least once a second, so that a clock that
 * was set is noticed; a sleeper has no timer of its own.
 */
final class Timers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Timers.class);
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  private static final int PORTION = 100;

  private final Shard shard;
  private final Thread thread;
  private volatile boolean closed;

  /** When the thread means to look next; what is due before must wake it. */
  private volatile Instant nextLook = Instant.MIN;

  Timers(Shard shard) {
    this.shard = shard;
    this.thread = Thread.ofPlatform().daemon().name("torpor-timers").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /** Something is due at a time; under the lock. */
  void expect(@Nullable Instant due) {
    if (due != null && due.isBefore(nextLook)) {
      nextLook = due;
      LockSupport.unpark(thread);
    }
  }

  private void work() {
    while (!closed) {
      try {
        while (!closed && fire()) {}
        pause();
      } catch (StoreException e) {
        log.warn("timers wait: {}", e.getMessage());
        LockSupport.parkNanos(this, LONGEST_LOOK.toNanos());
      } catch (RuntimeException e) {
        log.error("a timer failed; it is tried again", e);
        LockSupport.parkNanos(this, LONGEST_LOOK.toNanos());
      }
    }
  }

  private void pause() {
    Instant now = shard.now();
    Instant due =
        shard.locked(
            () -> {
              Instant first = shard.peek(fold -> first(fold.scan(Keys.DUE)));
              Instant latest = now.plus(LONGEST_LOOK);
              nextLook = first == null || first.isAfter(latest) ? latest : first;
              return nextLook;
            });
    Duration left = due.isAfter(now) ? Duration.between(now, due) : Duration.ZERO;
    LockSupport.parkNanos(this, Math.max(SHORTEST_PAUSE.toNanos(), left.toNanos()));
  }

  private static @Nullable Instant first(Iterator<Entry> due) {
    return due.hasNext() ? Keys.dueTime(due.next().key()) : null;
  }

  /** Carries out a portion of what is due; false when nothing is. */
  private boolean fire() {
    String end = Keys.dueAt(shard.now().plusNanos(1000));
    List<String> due =
        shard.locked(
            () ->
                shard.peek(
                    fold -> {
                      List<String> keys = new ArrayList<>();
                      Iterator<Entry> lines = fold.scan(Keys.DUE);
                      while (lines.hasNext() && keys.size() < PORTION) {
                        String key = lines.next().key();
                        if (key.compareTo(end) >= 0) {
                          break;
                        }
                        keys.add(key);
                      }
                      fold.need(
                          keys.stream().map(key -> Keys.session(Keys.dueAgent(key))).toList());
                      return keys;
                    }));
    boolean any = false;
    for (String key : due) {
      any |= shard.take(draft -> Rules.due(draft, key)).answer();
    }
    return any;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
