package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.state.Entry;
import dev.torpor.store.CheckpointReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.journal.Journal;
import dev.torpor.store.file.journal.JournalClosedException;
import dev.torpor.store.file.journal.JournalFailedException;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes checkpoints: what commits wrote goes into a pack, and the journal before it goes away.
 * Writers go on meanwhile. Thread-safe; one checkpoint at a time.
 *
 * <p>In this order, so that a crash at any point leaves the old or the new: the pack and its twin,
 * whole and forced under their names; the manifests, which name the pack and the journal's rest;
 * and only then the segments that they do not name any more are removed.
 */
final class Checkpoints {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

  /** How keys begin of which somebody asks before they are there. */
  static final List<String> FILTERED = List.of("~id/", "~key/", "~deleted/", "~task/", "~mail/");

  /** Where what was written is cut off from what will be. */
  interface Source {
    /** Takes what is in no pack yet, up to now. */
    Cut cut();

    /** Says that packs have all of a cut. */
    void packed(long seq);
  }

  /**
   * What is in no pack.
   *
   * @param seq up to which sequence number
   */
  record Cut(long seq, Unpacked unpacked) {}

  private final Disk disk;
  private final Path journalFolder;
  private final PackFolder folder;
  private final Manifests manifests;
  private final BegunSegments segments;
  private final Journal journal;
  private final StateSerializer serializer;
  private final Source source;
  private final AtomicLong nextNumber;
  private final Clock clock;
  private volatile @Nullable CheckpointReport last;
  private boolean ended;

  /**
   * @param nextNumber of the next pack; no file has it or a higher one. Whoever takes it counts on.
   */
  Checkpoints(
      Disk disk,
      Path journalFolder,
      PackFolder folder,
      Manifests manifests,
      BegunSegments segments,
      Journal journal,
      StateSerializer serializer,
      Source source,
      AtomicLong nextNumber,
      Clock clock) {
    this.disk = disk;
    this.journalFolder = journalFolder;
    this.folder = folder;
    this.manifests = manifests;
    this.segments = segments;
    this.journal = journal;
    this.serializer = serializer;
    this.source = source;
    this.nextNumber = nextNumber;
    this.clock = clock;
  }

  /**
   * Takes a checkpoint of all that is decided when this is called; when that is in packs already,
   * only segments go that nobody needs.
   *
   * @throws IOException when it could not be taken: then all is as it was, unless the manifests
   *     have it already, of which one could not be written
   * @throws JournalFailedException when the journal takes nothing more
   * @throws JournalClosedException behind {@link #end}
   */
  synchronized void take() throws IOException {
    if (ended) {
      throw new JournalClosedException();
    }
    long began = System.nanoTime();
    long from = manifests.current().packed();
    Cut cut = source.cut();
    List<Entry> entries = cut.unpacked().inOrder();
    if (entries.isEmpty()) {
      List<Segment> old = manifests.current().segmentsBefore(segments.firstNeeded(from + 1));
      manifests.remove(old); // each start begins a new one
      remove(old);
      return;
    }
    try {
      journal.awaitDurable(cut.seq());
      PackDescription pack =
          folder.write(
              nextNumber.getAndIncrement(),
              from,
              cut.seq(),
              FILTERED,
              new CutCursor(entries, serializer));
      long needed = segments.firstNeeded(cut.seq() + 1);
      Manifest before = manifests.update(manifest -> manifest.packed(pack, needed));
      remove(before.segmentsBefore(needed));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      last = new CheckpointReport(cut.seq(), pack.entries(), clock.instant(), took);
      log.info("checkpoint {}: {} entries in {} ms", cut.seq(), pack.entries(), took.toMillis());
    } finally {
      // One manifest that has the pack is enough for it to count, even if the other one failed.
      if (manifests.current().packed() >= cut.seq()) {
        source.packed(cut.seq());
      }
    }
  }

  /** The last one that was taken; null if there was none. */
  @Nullable CheckpointReport last() {
    return last;
  }

  /** Does something else while none is taken. */
  synchronized void pausing(Chore.Work work) throws IOException {
    work.run();
  }

  /**
   * Takes no more, and returns when what runs is over: who comes later must not write into a folder
   * that may be another process's by then.
   */
  synchronized void end() {
    ended = true;
  }

  /** What cannot be removed now is left over, and removed by the next start. */
  private void remove(List<Segment> gone) {
    for (Segment segment : gone) {
      try {
        disk.delete(segment.file(journalFolder));
      } catch (IOException e) {
        log.warn("segment {} is needed no more and could not be removed", segment.number(), e);
      }
    }
  }
}
