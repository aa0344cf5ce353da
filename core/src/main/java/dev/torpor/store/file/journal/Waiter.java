package dev.torpor.store.file.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Somebody who waits until a sequence number is durable. */
abstract sealed class Waiter {

  final long seq;

  /** The one that arrived before; set before the waiter is published and never changed after. */
  @Nullable Waiter earlier;

  private Waiter(long seq) {
    this.seq = seq;
  }

  /** Tells it to look again: it is satisfied, or the journal failed, or nobody leads. */
  abstract void wake();

  /** The same on this thread, where no other one can be had. */
  abstract void wakeHere();

  /** A parked thread. It looks for itself, so it may be woken once too often. */
  static final class Parked extends Waiter {

    private final Thread thread = Thread.currentThread();

    Parked(long seq) {
      super(seq);
    }

    @Override
    void wake() {
      LockSupport.unpark(thread);
    }

    @Override
    void wakeHere() {
      wake();
    }
  }

  /** A promise, for a caller that does not wait. */
  static final class Promised extends Waiter {

    final CompletableFuture<@Nullable Void> promise = new CompletableFuture<>();
    private final GroupCommit group;

    Promised(long seq, GroupCommit group) {
      super(seq);
      this.group = group;
    }

    /** On a virtual thread: what depends on the promise must not hold up whoever leads. */
    @Override
    void wake() {
      Thread.startVirtualThread(() -> group.settle(this));
    }

    @Override
    void wakeHere() {
      group.settle(this);
    }
  }
}
