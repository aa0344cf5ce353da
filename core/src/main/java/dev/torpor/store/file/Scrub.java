package dev.torpor.store.file;

import dev.torpor.store.CheckProgress;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.ScrubReport;
import dev.torpor.store.file.Pace.EndedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all that the store has written, in turn and at a bounded rate, and has healed what is not
 * as it was written: a fault of the disk is found while there is still another copy. Thread-safe;
 * one pass at a time.
 */
final class Scrub implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scrub.class);

  /** Files of one kind. */
  interface Subject {
    /** About how many bytes there are to read. */
    long size();

    /**
     * Reads them, and heals what is damaged.
     *
     * @param reading to be told of each byte that is read, and of each damage
     * @throws IOException when it could not go on; the next pass tries again
     */
    void scrub(Reading reading) throws IOException;
  }

  private final List<Subject> subjects;
  private final Pace pace;
  private final AtomicLong done = new AtomicLong();
  private final List<Damage> damaged = new ArrayList<>();
  private final AtomicInteger hurries = new AtomicInteger();
  private volatile CheckProgress progress = CheckProgress.NONE;
  private volatile long passes;

  /** Of the running pass; 0 between two. */
  private volatile long size;

  Scrub(List<Subject> subjects, ScrubOptions options) {
    this.subjects = List.copyOf(subjects);
    this.pace = new Pace(options.bytesPerSecond());
  }

  /** What the subjects tell while they read. */
  final class Reading {
    /**
     * Counts what is read of one file, and waits where it was read too fast; throws when the store
     * is closed.
     */
    LongConsumer file() {
      AtomicLong before = new AtomicLong();
      return position -> {
        long read = position - before.getAndSet(position);
        progress.at("files", done.addAndGet(read), size);
        pace.spend(hurries.get() > 0 ? 0 : read);
      };
    }

    /** For what is read in a hurry: only throws when the store is closed. */
    LongConsumer hurried() {
      return _ -> pace.spend(0);
    }

    /** {@link Scrub#found}. */
    void found(Damage damage) {
      Scrub.this.found(damage);
    }
  }

  /** Takes a damage; one of a file that was told before and not healed takes its place. */
  void found(Damage damage) {
    log.warn("{}: {}, healed: {}", damage.file(), damage.what(), damage.healed());
    synchronized (damaged) {
      damaged.removeIf(known -> !known.healed() && known.file().equals(damage.file()));
      if (damaged.size() < ScrubReport.MOST_DAMAGES) {
        damaged.add(damage);
      }
    }
  }

  /** Reads everything once, and at once: what runs already hurries too. */
  List<Damage> runNow(CheckProgress progress) throws IOException {
    hurries.incrementAndGet();
    try {
      synchronized (this) {
        int before = report().damaged().size();
        this.progress = progress;
        run();
        List<Damage> all = report().damaged();
        return all.subList(Math.min(before, all.size()), all.size());
      }
    } finally {
      progress = CheckProgress.NONE;
      hurries.decrementAndGet();
    }
  }

  /** Reads everything once. */
  synchronized void run() throws IOException {
    long began = System.nanoTime();
    done.set(0);
    size = Math.max(1, subjects.stream().mapToLong(Subject::size).sum());
    try {
      Reading reading = new Reading();
      for (Subject subject : subjects) {
        reading.hurried().accept(0);
        subject.scrub(reading);
      }
      passes++;
      log.debug("read {} bytes in {} ms", done, (System.nanoTime() - began) / 1_000_000);
    } catch (EndedException e) {
      log.debug("a scrub was given up, since the store is closed");
    } finally {
      size = 0;
    }
  }

  /** Does something while no pass runs; one that runs hurries. */
  void pausing(Chore.Work work) throws IOException {
    hurries.incrementAndGet();
    try {
      synchronized (this) {
        work.run();
      }
    } finally {
      hurries.decrementAndGet();
    }
  }

  ScrubReport report() {
    long all = size;
    synchronized (damaged) {
      double part = all > 0 ? Math.min(1, (double) done.get() / all) : passes > 0 ? 1 : 0;
      return new ScrubReport(passes, part, damaged);
    }
  }

  /** Gives up what runs, soon, and lets nothing more begin. */
  @Override
  public void close() {
    pace.end();
  }
}
