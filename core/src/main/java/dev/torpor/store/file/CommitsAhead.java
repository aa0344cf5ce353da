package dev.torpor.store.file;

import dev.torpor.state.Change;
import dev.torpor.state.Stamp;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Has the lines of commits parsed on a thread of its own, while the one that reads them makes those
 * before true: of a start after a kill, parsing is the larger part. Few lines need no thread.
 * Memory is bounded. For one thread at a time.
 */
final class CommitsAhead implements AutoCloseable {
  /** So many lines are handed over at once, so that handing over costs next to nothing. */
  private static final int AT_ONCE = 512;

  /** Or so many bytes of them, since a line may be long. */
  private static final int BYTES_AT_ONCE = 256 << 10;

  /** So many of those are on their way at most. */
  private static final int AHEAD = 8;

  /** Makes commits true, in their order. */
  interface Applying {
    /**
     * Makes one true.
     *
     * @param failure why its changes cannot be read; then there are none
     */
    void apply(Stamp stamp, List<Change> changes, @Nullable RuntimeException failure);
  }

  private record Unread(Stamp stamp, byte[] line) {}

  private record Read(Stamp stamp, List<Change> changes, @Nullable RuntimeException failure) {}

  private final CommitLines lines;
  private final Applying applying;
  private final Queue<FutureTask<List<Read>>> ahead = new ArrayDeque<>();
  private List<Unread> collected = new ArrayList<>();
  private long collectedBytes;
  private @Nullable ExecutorService thread;

  CommitsAhead(CommitLines lines, Applying applying) {
    this.lines = lines;
    this.applying = applying;
  }

  /** Takes a line, and makes commits true that are parsed; not more than it must. */
  void add(long seq, Instant at, byte[] bytes, int offset, int length) {
    collected.add(
        new Unread(new Stamp(seq, at), Arrays.copyOfRange(bytes, offset, offset + length)));
    collectedBytes += length;
    if (collected.size() < AT_ONCE && collectedBytes < BYTES_AT_ONCE) {
      return;
    }
    collectedBytes = 0;
    ExecutorService parser = thread;
    if (parser == null) {
      parser = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
      thread = parser;
    }
    List<Unread> batch = collected;
    collected = new ArrayList<>();
    FutureTask<List<Read>> parsing = new FutureTask<>(() -> read(batch));
    parser.execute(parsing);
    ahead.add(parsing);
    if (ahead.size() > AHEAD) {
      apply(next());
    }
  }

  /** Makes all true that was taken. */
  void finish() {
    while (!ahead.isEmpty()) {
      apply(next());
    }
    apply(read(collected));
    collected.clear();
  }

  private List<Read> read(List<Unread> batch) {
    List<Read> read = new ArrayList<>();
    for (Unread commit : batch) {
      try {
        List<Change> changes = lines.read(commit.line(), 0, commit.line().length);
        read.add(new Read(commit.stamp(), changes, null));
      } catch (RuntimeException e) {
        read.add(new Read(commit.stamp(), List.of(), e));
      }
    }
    return read;
  }

  private void apply(List<Read> batch) {
    for (Read commit : batch) {
      applying.apply(commit.stamp(), commit.changes(), commit.failure());
    }
  }

  /** The oldest batch; while it is being parsed, this thread parses others that nobody began. */
  private List<Read> next() {
    FutureTask<List<Read>> oldest = ahead.remove();
    oldest.run(); // does nothing if the other thread has it
    for (FutureTask<List<Read>> later : ahead) {
      if (oldest.isDone()) {
        break;
      }
      later.run();
    }
    return awaited(oldest);
  }

  private static List<Read> awaited(FutureTask<List<Read>> batch) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return batch.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("commits could not be parsed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the thread; what was not made true is dropped. */
  @Override
  public void close() {
    if (thread != null) {
      thread.shutdownNow();
    }
  }
}
