package dev.torpor.store.file.journal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sees to it that what is durable is also written down soon: lines carry the mark of the commits
 * before them, so when no more lines come, the last commits are not covered by any.
 *
 * <p>A virtual thread that sleeps while there is nothing to mark, and looks once per idle time
 * while there is: the writers pay a volatile read and a clock reading for each force.
 */
final class IdleMark {

  private final long idleNanos;
  private final BooleanSupplier unmarked;
  private final Runnable mark;
  private final Thread thread;

  private volatile long lastWrite = System.nanoTime();
  private volatile boolean asleep;
  private volatile boolean ended;

  /**
   * Creates it.
   *
   * @param unmarked whether something is durable that no line says
   * @param mark writes a line that says it, unless somebody is writing anyway
   */
  IdleMark(Duration idle, BooleanSupplier unmarked, Runnable mark) {
    this.idleNanos = idle.toNanos();
    this.unmarked = unmarked;
    this.mark = mark;
    this.thread = Thread.ofVirtual().name("torpor-journal-mark").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Lines were just written. */
  void written() {
    lastWrite = System.nanoTime();
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!ended) {
      long left = idleNanos - (System.nanoTime() - lastWrite);
      if (!unmarked.getAsBoolean()) {
        sleepUntilWritten();
      } else if (left > 0) {
        LockSupport.parkNanos(this, left);
      } else {
        mark.run();
        lastWrite =
            System.nanoTime(); // if somebody led instead, look again after another idle time
      }
    }
  }

  private void sleepUntilWritten() {
    asleep = true;
    if (!unmarked.getAsBoolean() && !ended) { // looked at again: a write may have come in between
      LockSupport.park(this);
    }
    asleep = false;
  }
}
