package dev.torpor.store.file;

import dev.torpor.store.file.journal.JournalFailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes checkpoints from time to time, and when somebody says that it is time. Thread-safe. */
final class CheckpointSchedule implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CheckpointSchedule.class);

  private final Checkpoints checkpoints;
  private final Duration every;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("torpor-checkpoints").unstarted(this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean asked;
  private boolean ended;

  CheckpointSchedule(Checkpoints checkpoints, Duration every) {
    this.checkpoints = checkpoints;
    this.every = every;
  }

  void start() {
    thread.start();
  }

  /** Asks for a checkpoint soon; returns at once. */
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
        checkpoints.take();
      } catch (IOException e) {
        log.warn("a checkpoint failed; the journal still has all of it, and the next one tries", e);
      } catch (JournalFailedException e) {
        log.warn("no more checkpoints: {}", e.getMessage());
        return;
      }
    }
  }

  /** Waits until the next one is due; false when none is any more. */
  private boolean awaitTime() {
    long left = every.toNanos();
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

  /** Takes no more, and returns when one that runs is over. */
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
