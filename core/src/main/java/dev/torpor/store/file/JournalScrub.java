package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.file.journal.Journal;
import dev.torpor.store.file.journal.JournalClosedException;
import dev.torpor.store.file.journal.JournalFailedException;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.journal.SegmentCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal, as far as it is durable. Of what it says that no pack has, memory is the
 * second copy: where a segment is damaged, missing or too short, a checkpoint puts all of it into a
 * pack, and the segment, once nothing needs it, counts no more; as much of it as can be read is in
 * quarantine before. If it is the one that is being written, or will be, the journal goes on in a
 * new one. For one thread at a time.
 */
final class JournalScrub implements Scrub.Subject {
  private static final Logger log = LoggerFactory.getLogger(JournalScrub.class);

  private final Disk disk;
  private final Path folder;
  private final Journal journal;
  private final Manifests manifests;
  private final BegunSegments segments;
  private final Quarantine quarantine;
  private final Chore.Work checkpoint;
  private final SegmentCheck check;

  /** Those that were found damaged, healed, and still count. */
  private final Set<Segment> damaged = new HashSet<>();

  /**
   * @param checkpoint takes one
   */
  JournalScrub(FileStore.Recovered recovered, Chore.Work checkpoint) {
    this.disk = recovered.disk();
    this.folder = recovered.folder().resolve("journal");
    this.journal = recovered.journal();
    this.manifests = recovered.manifests();
    this.segments = recovered.segments();
    this.quarantine = new Quarantine(disk, recovered.folder());
    this.checkpoint = checkpoint;
    this.check = new SegmentCheck(disk, folder, manifests.current().store());
  }

  @Override
  public long size() {
    NavigableMap<Long, Long> begun = segments.firstSeqs();
    return manifests.current().segments().stream()
        .filter(segment -> begun.containsKey(segment.number()))
        .mapToLong(Segment::size)
        .sum();
  }

  @Override
  public void scrub(Scrub.Reading reading) throws IOException {
    retire();
    long durable = journal.durable();
    NavigableMap<Long, Long> begun = segments.firstSeqs(); // after it, to know where all of it is
    for (Segment segment : manifests.current().segments()) {
      String what = damaged.contains(segment) ? null : wrong(segment, begun, durable, reading);
      if (what != null && counts(segment)) {
        heal(segment, what, begun, reading);
      }
    }
  }

  /** One that a checkpoint made superfluous in the meantime is gone, which is no damage. */
  private boolean counts(Segment segment) {
    return manifests.current().segments().contains(segment);
  }

  private @Nullable String wrong(
      Segment segment, NavigableMap<Long, Long> begun, long durable, Scrub.Reading reading) {
    Long from = begun.get(segment.number());
    LongConsumer progress = reading.file();
    try {
      if (from == null) {
        return check.misplaced(segment); // blank: what changed in it is written over
      }
      long end =
          begun.tailMap(segment.number(), false).values().stream()
              .mapToLong(Long::longValue)
              .min()
              .orElse(durable + 1);
      var damage = check.first(segment, from, Math.min(end, durable + 1), progress);
      progress.accept(segment.size());
      return damage == null ? null : "at byte %d: %s".formatted(damage.position(), damage.what());
    } catch (IOException e) {
      return "it cannot be read: " + e.getMessage();
    }
  }

  private void heal(
      Segment segment, String what, NavigableMap<Long, Long> begun, Scrub.Reading reading) {
    String name = "journal/" + segment.file(folder).getFileName();
    log.warn("{}: {}; a checkpoint is taken", name, what);
    keep(segment);
    try {
      boolean goesOn = begun.isEmpty() || segment.number() >= begun.lastKey();
      if (goesOn) {
        journal.renew();
        checkpoint.run();
      }
      checkpoint.run(); // a second time for who had seen room before the renewal
      damaged.add(segment);
      retire();
      reading.found(new Damage(name, null, what + "; no commit is lost", true));
    } catch (IOException | JournalFailedException | JournalClosedException e) {
      String why = what + "; and no checkpoint could be taken: " + e.getMessage();
      reading.found(new Damage(name, null, why, false));
    }
  }

  private void keep(Segment segment) {
    try {
      quarantine.keep(segment.file(folder));
    } catch (IOException e) {
      log.warn("segment {} could not be kept as it is", segment.number(), e);
    }
  }

  /**
   * Takes a checkpoint, and takes away all of the journal that is not needed behind it.
   *
   * @param damages what is known to be damaged; segments among them are kept in quarantine first
   */
  void tidy(List<Damage> damages) throws IOException {
    for (Segment segment : manifests.current().segments()) {
      String name = Told.name(segment.file(folder));
      if (damages.stream().anyMatch(damage -> damage.file().equals(name))) {
        keep(segment);
      }
    }
    checkpoint.run();
    damaged.addAll(manifests.current().segments());
    retire();
    damaged.clear();
  }

  /** Takes away damaged segments that are not needed any more and that no checkpoint took away. */
  private void retire() throws IOException {
    damaged.retainAll(manifests.current().segments());
    if (damaged.isEmpty()) {
      return;
    }
    long needed = segments.firstNeeded(manifests.current().packed() + 1);
    for (Segment segment : manifests.current().segmentsBefore(needed)) {
      if (damaged.remove(segment)) {
        manifests.remove(List.of(segment));
        disk.delete(segment.file(folder));
      }
    }
  }
}
