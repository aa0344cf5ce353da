package dev.torpor.store.file;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps work that goes on beside the callers' to a rate, and ends it. What was not used of the rate
 * is not saved up. Thread-safe.
 */
final class Pace {
  private final long bytesPerSecond;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean ended;

  /** When, in nanoseconds of the system's timer, all that was spent is paid for. */
  private long paid = System.nanoTime();

  Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Waits as long as so many bytes may take.
   *
   * @throws EndedException once {@link #end} was called
   */
  void spend(long bytes) {
    lock.lock();
    try {
      long now = System.nanoTime();
      paid = Math.max(paid, now) + TimeUnit.SECONDS.toNanos(1) * bytes / bytesPerSecond;
      for (long left = paid - now; left > 0 && !ended; left = paid - System.nanoTime()) {
        var _ = changed.awaitNanos(left);
      }
      if (ended) {
        throw new EndedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndedException();
    } finally {
      lock.unlock();
    }
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nobody go on. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The store is closed, and what ran is given up. */
  static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedException() {
      super("the store is closed", null, false, false);
    }
  }
}
