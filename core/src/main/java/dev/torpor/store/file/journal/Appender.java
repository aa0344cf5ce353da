package dev.torpor.store.file.journal;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of the journal where lines come in: encodes each into the batch that is being filled, and
 * knows where in which segment it will go.
 *
 * <p>There are two batches. While the leader writes one, the other is filled; {@link #take} swaps
 * them. The lock here guards against that swap alone, and is held for one line at a time: that no
 * two threads append at once, and in which order they do, is the caller's decision lock.
 */
final class Appender {

  /** Kept free behind the commits of a segment, so that a mark always has a place. */
  private static final int RESERVE = LineEncoder.MARK_LIMIT;

  private final int maxLineSize;
  private final String store;
  private final SegmentSupply supply;
  private final ReentrantLock lock = new ReentrantLock();
  private final LineEncoder encoder = new LineEncoder();
  private final LineBuffer header = new LineBuffer();

  private Batch filling = new Batch();
  private @Nullable Batch spare = new Batch();
  private Batch.@Nullable Run run;
  private OpenSegment segment;
  private volatile boolean closed;

  /** Whether the segments that are there are to be left. */
  private volatile boolean renewing;

  /** Where in the segment the next line goes. */
  private long position;

  private volatile long appended;

  /** The highest {@code durable} that any line says. */
  private volatile long marked;

  /**
   * Goes on in a segment.
   *
   * @param position where its next line goes
   * @param last the sequence number of the last commit, which is durable and marked as such
   */
  Appender(
      JournalOptions options,
      String store,
      SegmentSupply supply,
      OpenSegment segment,
      long position,
      long last) {
    this.maxLineSize = options.maxLineSize();
    this.store = store;
    this.supply = supply;
    this.segment = segment;
    this.position = position;
    this.appended = last;
    this.marked = last;
  }

  long appended() {
    return appended;
  }

  long marked() {
    return marked;
  }

  /** Has the next line but marks go to a segment that is not there yet. */
  void renew() {
    renewing = true;
  }

  /**
   * Leaves the segment, and those that are ready. What is to be written to it still keeps its
   * place; of what comes, only a mark can go there.
   */
  private void leaveSegments() {
    position = Math.max(position, segment.segment().size() - RESERVE);
    supply.drop();
    renewing = false;
  }

  /** Tells whether the longest line has a place. */
  boolean hasRoom() {
    lock.lock();
    try {
      if (renewing && !closed) {
        leaveSegments(); // here, since who saw room must find it
      }
      return !closed && (fitsHere(maxLineSize) || supply.isReady());
    } finally {
      lock.unlock();
    }
  }

  void append(long seq, long durable, Instant at, BodyWriter body) {
    lock.lock();
    try {
      throwIfClosed();
      if (seq != appended + 1) {
        throw new IllegalStateException("commit " + seq + " cannot follow " + appended);
      }
      LineBuffer lines = filling.lines;
      int start = lines.size();
      boolean placed = false;
      try {
        lines.beginLine(maxLineSize);
        encoder.commit(lines, seq, durable, at, body);
        if (lines.excess() > 0) {
          throw new LineTooLongException(lines.size() - start + lines.excess(), maxLineSize);
        }
        place(start, seq);
        placed = true;
      } finally {
        if (!placed) {
          lines.truncate(start);
        }
      }
      marked = Math.max(marked, durable);
      appended = seq;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a mark if no line says yet what is durable, and no lines wait that had better come first.
   */
  void mark(long durable, Instant at) {
    lock.lock();
    try {
      if (durable <= marked || !filling.isEmpty()) {
        return;
      }
      LineBuffer lines = filling.lines;
      int start = lines.size();
      lines.beginLine(LineEncoder.MARK_LIMIT);
      encoder.mark(lines, durable, at);
      extendRun(start, 0);
      // Each mark follows a commit that no earlier mark covered, and each commit left the reserve.
      assert position <= segment.segment().size() : "a mark beyond the end of " + segment;
      marked = durable;
    } finally {
      lock.unlock();
    }
  }

  void throwIfClosed() {
    if (closed) {
      throw new JournalClosedException();
    }
  }

  /** Refuses lines from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes what waits, or null if nothing does. For the leader, who gives it back when written. */
  @Nullable Batch take() {
    lock.lock();
    try {
      if (filling.isEmpty() || spare == null) {
        return null;
      }
      Batch taken = filling;
      filling = spare;
      spare = null;
      run = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Batch written) {
    written.clear();
    lock.lock();
    try {
      spare = written;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the segment that the last line went to. */
  OpenSegment segment() {
    lock.lock();
    try {
      return segment;
    } finally {
      lock.unlock();
    }
  }

  private boolean fitsHere(int length) {
    return position + length + RESERVE <= segment.segment().size();
  }

  /**
   * Gives the line that begins at {@code start} its place: in this segment, or as the next's first.
   */
  private void place(int start, long seq) {
    if (!fitsHere(filling.lines.size() - start)) {
      goOnInNextSegment(start, seq);
    }
    extendRun(start, seq);
  }

  private void goOnInNextSegment(int start, long seq) {
    @Nullable OpenSegment next = supply.poll();
    if (next == null) {
      throw new IllegalStateException("commit " + seq + " was decided without room for it");
    }
    header.clear();
    encoder.header(header, next.segment(), store, seq);
    byte[] firstLine = Arrays.copyOf(header.bytes(), header.size());
    filling.lines.insert(start, firstLine);
    Batch.Run begun = filling.begin(next, 0, start, seq);
    segment = next; // from here on nothing can go wrong, or lines would go to the wrong segment
    position = 0;
    run = begun;
  }

  private void extendRun(int start, long seq) {
    Batch.Run current = run;
    if (current == null) {
      current = filling.begin(segment, position, start, 0);
      run = current;
    }
    int end = filling.lines.size();
    position += end - current.end;
    current.end = end;
    if (seq > 0) {
      current.lastSeq = seq;
    }
  }
}
