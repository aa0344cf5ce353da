package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.Pace.EndedException;
import dev.torpor.store.file.document.Snapshot;
import dev.torpor.store.file.journal.JournalClosedException;
import dev.torpor.store.file.journal.Segment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what deleted agents had out of all files. Thread-safe; one erasure at a time.
 *
 * <p>The journal goes on in a new segment, and a checkpoint takes away those before; the packs that
 * may hold anything of those agents are merged into one; what no manifest names is removed; so is
 * what may hold anything of theirs in quarantine; the documents follow. Only then the manifests say
 * that it is done. So whatever cuts it off, and wherever, the next one begins anew, and what it
 * finds done costs a merge.
 */
final class Erasure {
  private static final Logger log = LoggerFactory.getLogger(Erasure.class);

  /** Where to find what is to be done, and who else has to do something. */
  interface Place {
    /** Decides that nobody is given again what was deleted; durable when this returns. */
    void decide();

    /** What the store holds. */
    StoreSnapshots snapshots();

    /** Has the documents follow; false where nobody keeps any. */
    boolean project() throws IOException;
  }

  private final FileStore.Recovered store;
  private final Checkpoints checkpoints;
  private final Merges merges;
  private final Place place;

  /** How old the oldest deletion becomes before it is time. */
  private final Duration patience;

  private final Deletions deletions = new Deletions();

  private volatile boolean ended;

  /** Whether it is known what an earlier life has deleted. */
  private boolean looked;

  /**
   * @param within how long what was deleted may stay; half of it is left for trying again
   */
  Erasure(
      FileStore.Recovered store,
      Checkpoints checkpoints,
      Merges merges,
      Place place,
      Duration within) {
    this.store = store;
    this.checkpoints = checkpoints;
    this.merges = merges;
    this.place = place;
    this.patience = within.dividedBy(2);
  }

  /** An agent was deleted. Neither waits nor does I/O. */
  void deleted(long seq, Instant at) {
    deletions.note(seq, at);
  }

  /**
   * Erases, if it is time.
   *
   * @throws IOException when it could not be done: what is left is for the next time
   */
  synchronized void runIfDue() throws IOException {
    look();
    Instant oldest = deletions.oldest();
    if (oldest != null && isDue(oldest, store.clock().instant())) {
      run();
    }
  }

  /** Of a deletion in the future, by a clock that was ahead, nobody knows how old it is. */
  private boolean isDue(Instant deleted, Instant now) {
    return deleted.isAfter(now) || Duration.between(deleted, now).compareTo(patience) >= 0;
  }

  /**
   * Erases what was deleted before this was called; nothing, when there is nothing.
   *
   * @throws IOException as above
   */
  synchronized void run() throws IOException {
    checkGoesOn();
    look();
    long upTo = deletions.last();
    if (upTo == 0) {
      return;
    }
    long began = System.nanoTime();
    Instant now = store.clock().instant();
    try {
      erase(upTo);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    } catch (StoreException | JournalClosedException e) {
      throw new IOException("nothing more can be committed: " + e.getMessage(), e);
    }
    deletions.erased(upTo, now);
    log.info(
        "erased what was deleted up to {} in {} ms", upTo, (System.nanoTime() - began) / 1_000_000);
  }

  private void erase(long upTo) throws IOException {
    store.journal().renew();
    place.decide();
    checkpoints.take();
    requireNothingIn(store.manifests().current(), upTo);
    for (long done = store.manifests().current().erased(); done < upTo; ) {
      done = merges.erase(upTo, done);
    }
    alone(this::removeLeftovers);
    checkGoesOn();
    boolean projected = place.project();
    try (Snapshot snapshot = place.snapshots().of("~deleted")) {
      new Traces(store.disk(), store.folder(), this::checkGoesOn)
          .remove(pending(snapshot, upTo).iterator(), projected);
    }
    checkGoesOn();
    var _ = store.manifests().update(manifest -> manifest.erased(upTo));
  }

  /**
   * Does something while no merge and no checkpoint runs. In this order: who waits for a merge must
   * not keep checkpoints waiting, and with them all commits.
   */
  void alone(Chore.Work work) throws IOException {
    merges.pausing(() -> checkpoints.pausing(work));
  }

  /** Gives up what runs, soon, and returns when it is over; the folder may be another's then. */
  void end() {
    ended = true;
    synchronized (this) {
      ended = true; // whoever runs, on whatever thread, has let go
    }
  }

  private void checkGoesOn() {
    if (ended) {
      throw new EndedException();
    }
  }

  /** Whether the journal's part that is needed holds nothing of what is to be erased. */
  private void requireNothingIn(Manifest manifest, long upTo) throws IOException {
    NavigableMap<Long, Long> begun = store.segments().firstSeqs();
    for (Segment segment : manifest.segments()) {
      Long first = begun.get(segment.number());
      boolean isBlank = first == null && segment.number() > begun.firstKey();
      if (!isBlank && (first == null || first <= upTo)) {
        throw new IOException(
            "segment %d of the journal is needed still".formatted(segment.number()));
      }
    }
  }

  /** Nobody writes packs meanwhile; segments are made behind all others. */
  private void removeLeftovers() throws IOException {
    Disk disk = store.disk();
    Manifest manifest = store.manifests().current();
    for (Path file : store.packFolder().leftovers(manifest.packs())) {
      disk.delete(file);
    }
    Path journal = store.folder().resolve("journal");
    long first = manifest.segments().stream().mapToLong(Segment::number).min().orElse(0);
    for (Path file : disk.list(journal)) {
      OptionalLong number = Segment.numberIn(file);
      if (number.isPresent() && number.getAsLong() < first) {
        disk.delete(file);
      }
    }
    for (String name : new String[] {"packs", "mirror", "journal"}) {
      disk.forceFolder(store.folder().resolve(name));
    }
  }

  private void look() throws IOException {
    if (looked) {
      return;
    }
    try (Snapshot snapshot = place.snapshots().of("~deleted")) {
      pending(snapshot, Long.MAX_VALUE)
          .forEach(entry -> deletions.note(entry.seq(), ((Deleted) entry.value()).at()));
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
    looked = true;
  }

  /** What says that agents were deleted, behind what is erased and up to a sequence number. */
  private Stream<Entry> pending(Snapshot snapshot, long upTo) {
    long since = store.manifests().current().erased();
    Iterable<Entry> all = () -> scanned(snapshot);
    return StreamSupport.stream(all.spliterator(), false)
        .filter(entry -> entry.seq() > since && entry.seq() <= upTo);
  }

  private static Iterator<Entry> scanned(Snapshot snapshot) {
    try {
      return snapshot.scan(Keys.DELETED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
