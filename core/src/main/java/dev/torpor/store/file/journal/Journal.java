package dev.torpor.store.file.journal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead journal, open for writing: takes commits as lines, in order, and says when each
 * is durable. What is on disk is specified by this package's description.
 *
 * <p>It is used in two steps. Under the caller's decision lock: {@link #hasRoom()}, and if so,
 * {@link #append}. Outside: {@link #awaitDurable} or {@link #whenDurable} before anybody learns of
 * it; or {@link #awaitRoom} if there was none.
 *
 * <p>Thread-safe but for {@link #hasRoom()} and {@link #append}, which the decision lock must
 * guard.
 */
public final class Journal implements AutoCloseable {

  private final InstantSource clock;
  private final SegmentListener listener;
  private final SegmentSupply supply;
  private final Appender appender;
  private final GroupCommit group;
  private final IdleMark idleMark;

  /** The segment that was written last. For the leader alone, as is the file behind it. */
  private OpenSegment written;

  private boolean closed;

  /**
   * Begins to serve.
   *
   * @param segment named, with room for the longest line behind {@code position}
   * @param last the sequence number of the last commit; durable, and marked as such
   */
  Journal(JournalStart start, SegmentMaker maker, OpenSegment segment, long position, long last) {
    this.clock = start.clock();
    this.listener = start.listener();
    this.written = segment;
    this.group = new GroupCommit(last, this::writeWaiting);
    this.supply =
        new SegmentSupply(
            maker, start.options(), segment.segment().number() + 1, listener, group::fail);
    this.appender = new Appender(start.options(), start.store(), supply, segment, position, last);
    this.idleMark =
        new IdleMark(
            start.options().idleBeforeMark(),
            () -> group.durable() > appender.marked() && !group.hasFailed(),
            () -> group.tryLead(this::writeMark));
    supply.start();
    idleMark.start();
  }

  /**
   * Starts a journal where a recovery has got to: in a new segment, numbered above all others, that
   * begins with copies of the lines above the durable mark. When this returns, all of them are
   * durable, and a forced line says so.
   *
   * <p>Removes what {@link JournalReader#leftovers()} lists. A crash at any point, and a failure,
   * leaves a folder that the next recovery reads the same.
   *
   * @param reader what was read; {@link JournalReader#replay} must have been called
   * @param clock tells the time of marks
   * @throws IOException if the segment could not be made, the manifests not be written, or the
   *     lines above the mark read otherwise than in the replay
   * @throws IllegalStateException if there was no replay
   */
  public static Journal start(
      JournalReader reader, JournalOptions options, InstantSource clock, SegmentListener listener)
      throws IOException {
    return new JournalStart(reader, options, clock, listener).run();
  }

  /**
   * Tells whether the longest line has a place now. Never, once the journal has failed or is
   * closed.
   */
  public boolean hasRoom() {
    return !group.hasFailed() && appender.hasRoom();
  }

  /**
   * Waits until there is room, or for some time; then ask {@link #hasRoom()} again, under the lock.
   *
   * @return false if the time is over
   * @throws JournalFullException if there is no disk space for a segment; the next call tries again
   * @throws JournalFailedException if the journal has failed
   * @throws JournalClosedException if the journal is closed
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean awaitRoom(Duration atMost) throws InterruptedException, JournalFullException {
    boolean ready = hasRoom() || supply.await(atMost);
    group.throwIfFailed();
    appender.throwIfClosed();
    return ready;
  }

  /**
   * Has the next commit written to a segment that is made from here on, since one of those that are
   * there is not what it should be. Takes effect with the next {@link #hasRoom()}; until the new
   * segment is ready, there is no room.
   */
  public void renew() {
    appender.renew();
  }

  /**
   * Adds a commit. It is in memory when this returns, and durable some time later. Whatever this
   * throws, nothing of the commit is left, and the same number can be appended again.
   *
   * @param seq its sequence number, one more than {@link #appended()}
   * @param at when it was decided; written to the microsecond
   * @param body writes what it says
   * @throws LineTooLongException if the line would be longer than {@link
   *     JournalOptions#maxLineSize}
   * @throws JournalFailedException if the journal has failed
   * @throws JournalClosedException if the journal is closed
   * @throws IllegalArgumentException if the body is empty
   * @throws IllegalStateException if the sequence number is another one, or there was no room
   */
  public void append(long seq, Instant at, BodyWriter body) {
    group.throwIfFailed();
    appender.append(seq, group.durable(), at, body);
  }

  /**
   * Returns when a commit, whoever appended it, is durable. An interrupt does not break it off: it
   * is kept, and raised again on return.
   *
   * @throws JournalFailedException if the journal failed before; whether the commit is durable is
   *     then unknown
   * @throws IllegalArgumentException if there is no such commit yet
   */
  public void awaitDurable(long seq) {
    requireAppended(seq);
    group.await(seq);
  }

  /**
   * Returns a stage that completes when a commit is durable, or with a {@link
   * JournalFailedException}. What depends on it is run by a virtual thread, in no particular order.
   *
   * @throws IllegalArgumentException if there is no such commit yet
   */
  public CompletionStage<@Nullable Void> whenDurable(long seq) {
    requireAppended(seq);
    return group.promise(seq);
  }

  /** Returns the highest sequence number known to be durable. */
  public long durable() {
    return group.durable();
  }

  /** Returns the sequence number of the last commit, durable or not. */
  public long appended() {
    return appender.appended();
  }

  /**
   * Makes durable what waits, marks it as such, closes the files, and removes segments that nobody
   * wrote to. A journal that has failed only closes its files. A second call does nothing.
   *
   * @throws JournalFailedException if what waits could not be written
   * @throws IOException if a file could not be closed or removed
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    appender.close();
    idleMark.end();
    try {
      if (!group.hasFailed()) {
        group.await(appender.appended());
        group.leadInTurn(this::writeMark);
        group.throwIfFailed();
      }
    } finally {
      supply.close();
      OpenSegment last = appender.segment();
      if (!last.equals(written)) { // only after a failure
        last.file().close();
      }
      written.file().close();
    }
    if (!group.hasFailed()) {
      supply.removeUnused();
    }
  }

  private void requireAppended(long seq) {
    if (seq > appender.appended()) {
      throw new IllegalArgumentException(
          "commit %d was not appended; the last is %d".formatted(seq, appender.appended()));
    }
  }

  private void writeMark() throws IOException {
    appender.mark(group.durable(), clock.instant());
    writeWaiting();
  }

  private void writeWaiting() throws IOException {
    @Nullable Batch batch = appender.take();
    if (batch == null) {
      return;
    }
    for (Batch.Run run : batch.runs()) {
      if (!run.segment.equals(written)) {
        written.file().close();
        written = run.segment;
      }
      run.segment
          .file()
          .writeDurably(run.position, batch.lines.bytes(), run.start, run.end - run.start);
      if (run.headerFrom > 0) { // first, so that who knows what is durable can know where it is
        listener.begun(run.segment.segment(), run.headerFrom);
      }
      group.advance(run.lastSeq);
    }
    appender.giveBack(batch);
    idleMark.written();
  }
}
