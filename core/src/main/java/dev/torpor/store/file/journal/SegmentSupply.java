package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes segments before they are needed, on a thread of its own, and keeps a few ready.
 *
 * <p>On a full disk it stops, and tries again when somebody asks for a segment. Any other failure
 * ends it. Thread-safe.
 */
final class SegmentSupply implements Closeable {

  private final SegmentMaker maker;
  private final SegmentListener listener;
  private final Consumer<Throwable> onFailure;
  private final long size;
  private final int ahead;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<OpenSegment> ready = new ArrayDeque<>();
  private @Nullable IOException full;
  private boolean ended;

  /** Read without the lock, once for each commit in the second half of a segment. */
  private volatile boolean isReady;

  /** The next one to be made, or made and not yet named by the manifests. For the thread alone. */
  private Segment next;

  private boolean nextIsMade;

  SegmentSupply(
      SegmentMaker maker,
      JournalOptions options,
      long firstNumber,
      SegmentListener listener,
      Consumer<Throwable> onFailure) {
    this.maker = maker;
    this.listener = listener;
    this.onFailure = onFailure;
    this.size = options.segmentSize();
    this.ahead = options.segmentsAhead();
    this.next = new Segment(firstNumber, size);
    this.thread = Thread.ofPlatform().daemon().name("torpor-journal-segments").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isReady() {
    return isReady;
  }

  /** Takes the segment that is to be written next, or null if none is ready. */
  @Nullable OpenSegment poll() {
    lock.lock();
    try {
      @Nullable OpenSegment taken = ready.poll();
      isReady = !ready.isEmpty();
      full = null;
      changed.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the segments that are ready, and makes others. */
  void drop() {
    lock.lock();
    try {
      for (OpenSegment segment : ready) {
        segment.file().close();
      }
    } catch (IOException e) {
      onFailure.accept(e);
    } finally {
      ready.clear();
      isReady = false;
      changed.signalAll();
      lock.unlock();
    }
  }

  /**
   * Waits until a segment is ready; after a failure for lack of space, this asks for another try.
   *
   * @return false if the time is over, or the supply has ended
   */
  boolean await(Duration atMost) throws InterruptedException, JournalFullException {
    long left = atMost.toNanos();
    lock.lockInterruptibly();
    try {
      if (full != null) {
        full = null;
        changed.signalAll();
      }
      while (ready.isEmpty() && !ended) {
        if (full != null) {
          throw new JournalFullException(full);
        }
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return !ready.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Makes no more segments, waits for the one in work, and closes what is ready. */
  @Override
  public void close() throws IOException {
    end();
    joinUninterruptibly();
    for (OpenSegment unused : ready) {
      unused.file().close();
    }
  }

  /** Removes what was ready when this was closed; the next start could not use it. */
  void removeUnused() throws IOException {
    List<Segment> unused = ready.stream().map(OpenSegment::segment).toList();
    if (!unused.isEmpty() && listener.unused(unused)) {
      for (Segment segment : unused) {
        maker.remove(segment);
      }
    }
  }

  private void run() {
    try {
      while (awaitDemand()) {
        supplyOne();
      }
    } catch (Throwable failure) {
      end();
      onFailure.accept(failure);
    }
  }

  /** Waits until a segment is wanted; false if none will be any more. */
  private boolean awaitDemand() {
    lock.lock();
    try {
      while (!ended && (full != null || ready.size() >= ahead)) {
        changed.awaitUninterruptibly();
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  private void supplyOne() throws IOException {
    try {
      if (!nextIsMade) {
        maker.make(next, SegmentMaker.BLANK);
        nextIsMade = true;
      }
      listener.prepared(next);
      OpenSegment open = maker.open(next);
      next = new Segment(next.number() + 1, size);
      nextIsMade = false;
      offer(open);
    } catch (IOException failure) {
      if (!Disk.isFull(failure)) {
        throw failure;
      }
      stopUntilAsked(failure);
    }
  }

  private void stopUntilAsked(IOException noSpace) {
    lock.lock();
    try {
      full = noSpace;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void offer(OpenSegment open) {
    lock.lock();
    try {
      ready.add(open);
      isReady = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException remembered) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
