package dev.torpor.store.file;

import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckpointReport;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.ScrubReport;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.MergePolicy;
import dev.torpor.store.file.pack.PackDamage;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps a state folder small and whole: checkpoints, merges, the scrub and the erasure of what
 * was deleted, each on a thread of its own once they have begun. Thread-safe.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  /** Merges are asked for behind each checkpoint; one that failed is tried again after this. */
  private static final Duration REST_FROM_MERGES = Duration.ofMinutes(1);

  /** At so many times the journal that asks for a checkpoint, commits wait for one. */
  private static final int TOO_MANY = 4;

  private final Checkpoints checkpoints;
  private final Merges merges;
  private final Chore checkpointing;
  private final Chore merging;
  private final Erasure erasure;
  private final Chore erasing;
  private final Scrub scrub;
  private final JournalScrub journalScrub;
  private final Chore scrubbing;
  private final Manifests manifests;
  private final BegunSegments segments;
  private final int manySegments;
  private boolean begun;

  /**
   * @param documents to be looked after, too; null where none are kept
   */
  Upkeep(
      FileStore.Recovered recovered,
      Checkpoints.Source source,
      Erasure.Place place,
      PackOptions options,
      @Nullable Documents documents) {
    AtomicLong nextNumber = new AtomicLong(recovered.nextNumber());
    manifests = recovered.manifests();
    checkpoints =
        new Checkpoints(
            recovered.disk(),
            recovered.folder().resolve("journal"),
            recovered.packFolder(),
            recovered.manifests(),
            recovered.segments(),
            recovered.journal(),
            recovered.serializer(),
            source,
            nextNumber,
            recovered.clock());
    merges =
        new Merges(
            recovered.disk(),
            recovered.packFolder(),
            recovered.manifests(),
            new Quarantine(recovered.disk(), recovered.folder()),
            MergePolicy.DEFAULT,
            nextNumber,
            (since, erased) ->
                new Outdated(
                    recovered.serializer(),
                    recovered.clock().instant(),
                    options.retention().keys(),
                    since,
                    erased));
    Retention retention = options.retention();
    erasure = new Erasure(recovered, checkpoints, merges, place, retention.deleted());
    erasing = new Chore("erasure", retention.look(), this::eraseIfDue);
    checkpointing = new Chore("checkpoints", options.every(), this::checkpoint);
    merging = new Chore("merges", REST_FROM_MERGES, merges::run);
    journalScrub = new JournalScrub(recovered, this::checkpoint);
    Quarantine quarantine = new Quarantine(recovered.disk(), recovered.folder());
    List<Scrub.Subject> subjects = new ArrayList<>();
    subjects.add(new ManifestScrub(recovered.manifests(), quarantine));
    subjects.add(new PackScrub(recovered.packFolder(), recovered.manifests(), merges));
    subjects.add(journalScrub);
    if (documents != null) {
      subjects.add(new DocumentScrub(documents, quarantine));
    }
    scrub = new Scrub(subjects, options.scrub());
    scrubbing = new Chore("scrub", options.scrub().rest(), scrub::run);
    segments = recovered.segments();
    manySegments = options.segments(recovered.segmentSize());
    segments.whenMany(manySegments, checkpointing::ask);
  }

  /** Lets all come by themselves from here on; the scrub at once. */
  synchronized void begin() {
    if (!begun) {
      begun = true;
      segments.waitFrom(Math.clamp((long) TOO_MANY * manySegments, 0, Integer.MAX_VALUE));
      checkpointing.start();
      merging.start();
      scrubbing.start();
      scrubbing.ask();
      erasing.start();
      erasing.ask();
    }
  }

  /** Takes a checkpoint, and asks for what there is to merge behind it. */
  void checkpoint() throws IOException {
    checkpoints.take();
    merging.ask();
  }

  /** The last one of this life; null if there was none. */
  @Nullable CheckpointReport lastCheckpoint() {
    return checkpoints.last();
  }

  /** What takes away what deleted agents had. */
  Erasure erasure() {
    return erasure;
  }

  private void eraseIfDue() throws IOException {
    try {
      erasure.runIfDue();
    } catch (Pace.EndedException e) {
      log.debug("an erasure was given up, since the store is closed");
    }
  }

  /** Merges what there is to merge. */
  void merge() throws IOException {
    merges.run();
  }

  /**
   * Makes a pack anew that somebody found damaged; does nothing, when it counts no more.
   *
   * @throws PackDamagedException when its twin is damaged, too
   */
  void heal(PackDamage damage) throws IOException {
    OptionalLong number = PackFolder.numberOf(damage.file());
    for (PackDescription pack : manifests.current().packs()) {
      if (number.orElse(0) == pack.number()) {
        if (merges.heal(pack, Copy.TWIN)) {
          String what = "at byte %d: %s".formatted(damage.position(), damage.what());
          scrub.found(new Damage("packs/" + damage.file().getFileName(), null, what, true));
        } else if (manifests.current().packs().contains(pack)) {
          throw new IOException("the store is being closed");
        }
      }
    }
  }

  /** Reads everything once. */
  void scrub() throws IOException {
    scrub.run();
  }

  /** Reads everything once, at once; gives what it found. */
  List<Damage> scrubNow(CheckProgress progress) throws IOException {
    return scrub.runNow(progress);
  }

  /** Has packs hold all that is decided, and the journal before go away. */
  void tidyJournal(List<Damage> damages) throws IOException {
    scrub.pausing(() -> journalScrub.tidy(damages));
  }

  ScrubReport scrubbed() {
    return scrub.report();
  }

  /** Ends all; with a last checkpoint if they had begun. */
  @Override
  public void close() {
    merges.end();
    erasure.end();
    scrub.close();
    erasing.close();
    merging.close();
    scrubbing.close();
    checkpointing.close();
    if (begun) {
      try {
        checkpoints.take();
      } catch (IOException | RuntimeException e) { // whatever it is, the journal must be closed
        log.warn("no last checkpoint; the next start reads the journal instead", e);
      }
    }
    checkpoints.end();
  }
}
