package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.CheckReport.Found;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.document.DocumentCheck;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.document.SavedReader;
import dev.torpor.store.file.journal.JournalReader;
import dev.torpor.store.file.journal.Replay;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDamage;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.RunStack;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks all of a store, and changes nothing: packs and twins byte by byte and against each other,
 * the journal, over both every agent and every index entry, and documents against them. In memory
 * is what the journal says behind the packs, and one agent at a time. Used once.
 */
final class Verification implements Closeable {
  /** So many stale documents are told of one by one. */
  private static final int MOST_STALE = 20;

  private final Disk disk;
  private final Path place;
  private final StateSerializer serializer;
  private final StateValidator validator;
  private final CheckProgress progress;
  private final boolean isOpen;
  private final List<Found> found = new ArrayList<>();
  private final List<SavedAgent> saved = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final long began = System.nanoTime();

  private final List<Pack> newestFirst = new ArrayList<>();
  private Manifest manifest = Manifest.first("");
  private PackFolder folder;

  /** Null where not every pack can be read. */
  private @Nullable TailView view;

  /** The last commit that it shows. */
  private long last;

  private long done;
  private long total;
  private long agents;
  private long entries;

  /**
   * @param isOpen whether the store is open, so that its journal's end is still being written
   */
  Verification(
      Disk disk,
      Path place,
      StateSerializer serializer,
      StateValidator validator,
      CheckProgress progress,
      boolean isOpen) {
    this.disk = disk;
    this.place = place;
    this.serializer = serializer;
    this.validator = validator;
    this.progress = progress;
    this.isOpen = isOpen;
    this.folder = new PackFolder(disk, place, place, "");
  }

  /**
   * Opens what a manifest names and reads the journal: what is behind this does not mind if files
   * are taken away that are needed no more.
   *
   * @param isStill tells whether all that the manifest names counts still
   */
  void begin(Manifest manifest, JournalReader reader, BooleanSupplier isStill) throws IOException {
    this.manifest = manifest;
    manifest.gaps().forEach(gap -> tell(Told.gap(gap), false));
    total = 0;
    for (PackDescription pack : manifest.packs()) {
      total += 2 * pack.pack().size() + pack.twin().size();
    }
    long journalBytes = manifest.segments().stream().mapToLong(Segment::size).sum();
    total += journalBytes;
    folder =
        new PackFolder(disk, place.resolve("packs"), place.resolve("mirror"), manifest.store());
    try {
      for (PackDescription pack : manifest.packs().reversed()) {
        newestFirst.add(folder.open(pack));
      }
      TailView over =
          new TailView(
              new RunStack(List.copyOf(newestFirst)), serializer, n -> reading("agents").accept(n));
      last = replay(reader, over);
      view = over;
    } catch (PackDamagedException e) {
      if (!isStill.getAsBoolean()) {
        throw e; // it may only have been merged
      }
      tell(reader.replay(manifest.packed() + 1, (seq, at, bytes, offset, length) -> {}));
    }
    done = journalBytes;
  }

  /**
   * Looks at all that was begun with.
   *
   * @param counts tells which packs count still
   * @param documents those that are written meanwhile; null when nobody writes any
   */
  void finish(Predicate<PackDescription> counts, @Nullable Documents documents) throws IOException {
    boolean packsAreGood = true;
    for (PackDescription pack : manifest.packs()) {
      packsAreGood &= check(pack, counts);
    }
    EntrySource all = view;
    if (all == null || !packsAreGood) {
      notes.add(
          "agents and documents are not checked, since not every pack can be read; repair it"
              + " first");
      return;
    }
    AgentsCheck check =
        new AgentsCheck(
            all,
            validator,
            serializer,
            (agent, what) ->
                tell(new Damage("packs", agent.isEmpty() ? null : agent, what, false), false));
    try {
      check.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    agents = check.agents();
    entries = check.entries();
    check(documents == null ? documents() : documents.check());
    look(Objects.requireNonNull(view), last);
  }

  /**
   * Tells of damaged agents whether their documents would bring them back.
   *
   * @param seq the last commit that the entries show
   */
  void look(TailView all, long seq) throws IOException {
    String prefix = Keys.status(AgentStatus.DAMAGED);
    SavedReader reader = new SavedReader(disk, place, serializer, validator);
    ViewSource source = new ViewSource(all, seq);
    try {
      for (Iterator<Entry> i = all.scan(prefix); i.hasNext(); ) {
        SavedAgent agent = reader.read(Keys.last(i.next().key()), source);
        if (saved.size() < CheckReport.MOST_DAMAGES) {
          saved.add(agent.withoutEntries());
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The check of documents that nobody writes. */
  private DocumentCheck documents() {
    ViewSource source = new ViewSource(Objects.requireNonNull(view), last);
    return DocumentCheck.ofFolder(disk, place, manifest.store(), serializer, source);
  }

  private void check(DocumentCheck check) throws IOException {
    long[] stale = {0};
    try {
      check.run(
          new DocumentCheck.Findings() {
            @Override
            public void damaged(
                String file, @Nullable String agent, String what, boolean healable) {
              tell(new Damage(file, agent, what, false), healable);
            }

            @Override
            public void stale(String what) {
              if (stale[0]++ < MOST_STALE) {
                note(what);
              }
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (stale[0] > MOST_STALE) {
      note("%d more documents show what was so before".formatted(stale[0] - MOST_STALE));
    }
  }

  /** Counts what is read of one file. */
  private LongConsumer reading(String what) {
    long before = done;
    return position -> {
      done = before + position;
      progress.at(what, done, total);
    };
  }

  /** Whether the pack, of which the twin may be damaged, is good. */
  private boolean check(PackDescription pack, Predicate<PackDescription> counts) {
    List<PackDamage> ofPack = damages(pack, Copy.PACK);
    List<PackDamage> ofTwin = damages(pack, Copy.TWIN);
    if (!counts.test(pack)) {
      return true; // it was merged, and what was read of it was good
    }
    boolean healable = ofPack.isEmpty() || ofTwin.isEmpty();
    tell(folder.file(pack.number(), Copy.PACK), ofPack, healable);
    tell(folder.file(pack.number(), Copy.TWIN), ofTwin, healable);
    return ofPack.isEmpty();
  }

  private List<PackDamage> damages(PackDescription pack, Copy copy) {
    Path file = folder.file(pack.number(), copy);
    try {
      return folder.verify(pack, copy, reading(Told.name(file)));
    } catch (IOException e) {
      return List.of(new PackDamage(file, 0, null, null, "it cannot be read: " + e.getMessage()));
    }
  }

  private void tell(Path file, List<PackDamage> damages, boolean healable) {
    for (PackDamage damage : damages) {
      String keys =
          "; entries %s %s"
              .formatted(
                  damage.fromKey() == null ? "from the first" : "from '" + damage.fromKey() + "'",
                  damage.toKey() == null ? "to the last" : "to before '" + damage.toKey() + "'");
      String what = "at byte %d: %s%s".formatted(damage.position(), damage.what(), keys);
      tell(new Damage(Told.name(file), null, what, false), healable);
    }
  }

  private long replay(JournalReader reader, TailView view) throws IOException {
    LossyFold fold = new LossyFold(new Fold(view, serializer), new CommitLines(serializer));
    LongConsumer reading = reading("journal");
    long[] read = {0};
    Replay replay;
    try {
      replay =
          reader.replay(
              manifest.packed() + 1,
              (seq, at, bytes, offset, length) -> {
                view.apply(fold.commit(seq, at, bytes, offset, length), seq);
                read[0] += length;
                reading.accept(read[0]);
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    tell(replay);
    for (LossyFold.Lost lost : fold.lost().values()) {
      tell(new Damage("journal", lost.agent(), lost.versions(), null, lost.what(), false), false);
    }
    fold.passedOver().forEach(what -> tell(new Damage("journal", null, what, false), false));
    return replay.last();
  }

  private void tell(Replay replay) {
    if (replay.tornTail() != null && !isOpen) {
      notes.add(
          "%d bytes at the end of the journal were never acknowledged; a start drops them"
              .formatted(replay.tornTail().bytes()));
    }
    replay.damages().forEach(damage -> tell(Told.of(damage), !damage.losesCommits()));
  }

  void tell(Damage damage, boolean healable) {
    if (found.size() < CheckReport.MOST_DAMAGES) {
      found.add(new Found(damage, healable));
    }
  }

  void note(String note) {
    notes.add(note);
  }

  CheckReport report() {
    return new CheckReport(
        agents, entries, done, found, saved, notes, Duration.ofNanos(System.nanoTime() - began));
  }

  @Override
  public void close() throws IOException {
    for (Pack pack : newestFirst) {
      pack.close();
    }
  }
}
