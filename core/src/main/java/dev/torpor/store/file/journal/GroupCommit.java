package dev.torpor.store.file.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Group commit by leader and followers: of those who wait for their commits to be durable, the
 * first to find nobody leading writes everything that waits, in one write and one force, and wakes
 * those whom that satisfied. The others park. Lines that come meanwhile are the next leader's.
 *
 * <p>So a lone writer forces its own line on its own thread, as a bare loop would, and many share
 * one force. The cost is one park and one unpark for each follower.
 *
 * <p>Nobody is forgotten: a waiter first enters the list, then looks whether someone leads; a
 * leader first stops leading, then looks whether an unsatisfied waiter is in the list, and wakes
 * one to lead on. Whichever comes second sees the other.
 */
final class GroupCommit {

  /** Writes what waits. For the leader alone. */
  interface Write {

    /** Writes, and calls {@link #advance} as far as bytes are forced. */
    void run() throws IOException;
  }

  private final Write write;

  /** One permit: to lead. Not owned by a thread, so that it can be handed to another one. */
  private final Semaphore leading = new Semaphore(1);

  /** Those who came since a leader last looked, the latest first. */
  private final AtomicReference<@Nullable Waiter> arrived = new AtomicReference<>();

  /** Those who came before that and wait still. For the leader alone. */
  private final List<Waiter> waiting;

  /** The latest of those whom the leader is just parting into satisfied ones and others. */
  private @Nullable Waiter parting;

  private volatile long durable;
  private volatile @Nullable Throwable failure;

  GroupCommit(long durable, Write write) {
    this(durable, write, new ArrayList<>());
  }

  /**
   * @param waiting an empty list
   */
  GroupCommit(long durable, Write write, List<Waiter> waiting) {
    this.durable = durable;
    this.write = write;
    this.waiting = waiting;
  }

  long durable() {
    return durable;
  }

  boolean hasFailed() {
    return failure != null;
  }

  void throwIfFailed() {
    Throwable cause = failure;
    if (cause != null) {
      throw new JournalFailedException(cause);
    }
  }

  /** Says that everything up to a sequence number is forced. For the leader alone. */
  void advance(long seq) {
    if (seq > durable) {
      durable = seq;
    }
  }

  /**
   * Returns when a commit is durable; leads until then, or follows. Interrupts are kept for later.
   */
  void await(long seq) {
    @Nullable Waiter me = null;
    boolean interrupted = false;
    try {
      while (durable < seq) {
        throwIfFailed();
        if (leading.tryAcquire()) {
          lead(write);
        } else if (me == null) {
          me = new Waiter.Parked(seq);
          enter(me);
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted(); // with the flag up, park would return at once
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns a stage that completes when a commit is durable; a virtual thread leads. */
  CompletionStage<@Nullable Void> promise(long seq) {
    Waiter.Promised me = new Waiter.Promised(seq, this);
    if (durable < seq) {
      enter(me);
    }
    settle(me);
    return me.promise.minimalCompletionStage();
  }

  /** Completes a promise if it is time, and else sees to it that somebody leads. */
  void settle(Waiter.Promised waiter) {
    Throwable cause = failure;
    if (durable >= waiter.seq) {
      waiter.promise.complete(null);
    } else if (cause != null) {
      waiter.promise.completeExceptionally(new JournalFailedException(cause));
    } else if (leading.tryAcquire()) {
      try {
        Thread.startVirtualThread(() -> lead(write));
      } catch (Throwable noThread) {
        lead(write); // here, then: who has the permit must give it back
      }
    }
  }

  /** Writes something as the leader if nobody leads; else does nothing. */
  void tryLead(Write something) {
    if (leading.tryAcquire()) {
      lead(something);
    }
  }

  /** Waits for its turn to lead, then writes something. */
  void leadInTurn(Write something) {
    leading.acquireUninterruptibly();
    lead(something);
  }

  /** Ends it all: who is not yet satisfied never will be. */
  void fail(Throwable cause) {
    leading.acquireUninterruptibly();
    if (failure == null) {
      failure = cause;
    }
    lead(write);
  }

  /** Whatever goes wrong in here, and be it that there is no memory: the permit is given back. */
  private void lead(Write something) {
    List<Waiter> satisfied = List.of();
    @Nullable Waiter successor = null;
    try {
      if (failure == null) { // after one, nothing is ever written again
        something.run();
      }
    } catch (Throwable thrown) {
      failure = thrown;
    }
    try {
      satisfied = sortWaiters();
      successor = waiting.isEmpty() ? null : waiting.getFirst();
    } catch (Throwable thrown) {
      failure = thrown;
      wakeEverybody(); // to learn of it
    } finally {
      leading.release();
    }
    if (successor == null) {
      successor = firstUnsatisfied();
    }
    if (successor != null) {
      wake(successor); // first of all, so that the disk is not idle while the others wake
    }
    for (int i = satisfied.size() - 1; i >= 0; i--) {
      wake(satisfied.get(i));
    }
  }

  private static void wake(Waiter waiter) {
    try {
      waiter.wake();
    } catch (Throwable noThread) {
      waiter.wakeHere();
    }
  }

  /** Wakes who waited before and who came since; needs no memory for that. */
  private void wakeEverybody() {
    for (int i = 0; i < waiting.size(); i++) {
      wake(waiting.get(i));
    }
    for (Waiter waiter = parting; waiter != null; waiter = waiter.earlier) {
      wake(waiter);
    }
  }

  /** Takes out whoever need not wait any longer, the latest first; after a failure, everybody. */
  private List<Waiter> sortWaiters() {
    List<Waiter> done = new ArrayList<>();
    boolean failed = failure != null;
    long reached = durable;
    parting = arrived.getAndSet(null);
    for (Waiter w = parting; w != null; w = w.earlier) {
      (failed || w.seq <= reached ? done : waiting).add(w);
    }
    waiting.removeIf(
        w -> {
          boolean satisfied = failed || w.seq <= reached;
          if (satisfied) {
            done.add(w);
          }
          return satisfied;
        });
    parting = null;
    return done;
  }

  private @Nullable Waiter firstUnsatisfied() {
    Waiter waiter = arrived.get();
    while (waiter != null && waiter.seq <= durable) {
      waiter = waiter.earlier;
    }
    return waiter;
  }

  private void enter(Waiter waiter) {
    @Nullable Waiter latest;
    do {
      latest = arrived.get();
      waiter.earlier = latest;
    } while (!arrived.compareAndSet(latest, waiter));
  }
}
