package dev.torpor.store.file;

import dev.torpor.store.file.journal.JournalFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a store does beside its callers', on a thread of its own: from time to time, and when
 * somebody asks for it. Thread-safe.
 */
final class Chore implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Chore.class);

  /** The work. */
  interface Work {
    /**
     * Does it, as much as there is now.
     *
     * @throws IOException when it could not be done; the next time tries again
     * @throws JournalFailedException when it never can
     */
    void run() throws IOException;
  }

  private final String name;
  private final Duration every;
  private final Work work;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean asked;
  private boolean ended;

  /**
   * @param name for logs and the thread
   * @param every how long it rests, at most
   */
  Chore(String name, Duration every, Work work) {
    this.name = name;
    this.every = every;
    this.work = work;
    this.thread = Thread.ofPlatform().daemon().name("torpor-" + name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Asks for it soon; returns at once. */
  void ask() {
    lock.lock();
    try {
      asked = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitTime()) {
      try {
        work.run();
      } catch (IOException e) {
        log.warn("{}: failed, with nothing lost, and is tried again", name, e);
      } catch (JournalFailedException e) {
        log.warn("{}: no more, {}", name, e.getMessage());
        return;
      } catch (RuntimeException
          | Error e) { // an error may be over, too; without this thread, never
        log.error("{}: failed as it should not, with nothing lost, and is tried again", name, e);
      }
    }
  }

  /** Waits until it is time; false when it never is any more. */
  private boolean awaitTime() {
    long left = TimeUnit.NANOSECONDS.convert(every); // of a time without end, the longest
    lock.lock();
    try {
      while (!asked && !ended && left > 0) {
        left = changed.awaitNanos(left);
      }
      asked = false;
      return !ended;
    } catch (InterruptedException e) {
      return false; // nobody has this thread but this class, which does not interrupt it
    } finally {
      lock.unlock();
    }
  }

  /** Does it no more, and returns when what runs is over. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
