package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FolderLock;
import dev.torpor.state.Change;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.KeyNames;
import dev.torpor.state.NotLoadedException;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.Commit;
import dev.torpor.store.DocumentsLag;
import dev.torpor.store.Loaded;
import dev.torpor.store.Owned;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.RepairReport;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.ScrubReport;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.StoreStats;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.document.SavedReader;
import dev.torpor.store.file.journal.Journal;
import dev.torpor.store.file.journal.JournalClosedException;
import dev.torpor.store.file.journal.JournalFailedException;
import dev.torpor.store.file.journal.JournalFullException;
import dev.torpor.store.file.journal.JournalOptions;
import dev.torpor.store.file.journal.LineTooLongException;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state folder that this process holds: the journal makes commits durable, checkpoints put what
 * they wrote into packs, the memory table shows it. Threads: as {@link StateStore} says.
 */
public final class FileStore implements StateStore {
  private static final Logger log = LoggerFactory.getLogger(FileStore.class);

  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final FolderLock lock;
  private final LockHolder holder;
  private final Journal journal;
  private final Manifests manifests;
  private final MemoryTable table;
  private final BegunSegments segments;
  private final LivePacks packs;
  private final RangeLoader loader;
  private final StateSerializer serializer;
  private final CommitLines lines;
  private final RecoveryReport recovery;
  private final Recovered recovered;

  private final Upkeep upkeep;
  private final boolean takesCheckpoints;

  /** Null in a store that keeps no documents. */
  private final @Nullable Projector projector;

  private final Owned owned = new Shard0();

  /**
   * Held while the table changes, beside the decision lock; and in the moment in which a checkpoint
   * cuts off what is in no pack, which must not wait for decisions.
   */
  private final Object writing = new Object();

  private volatile Runnable beforeErasure = () -> {};
  private boolean closed;

  /** The folder's lock owns the one shard for the whole life of the process. */
  private record Shard0() implements Owned {
    @Override
    public int shard() {
      return 0;
    }

    @Override
    public long epoch() {
      return 1;
    }
  }

  FileStore(
      Recovered recovered, @Nullable PackOptions options, @Nullable DocumentOptions documents) {
    this.recovered = recovered;
    this.lock = recovered.lock();
    this.holder = recovered.holder();
    this.journal = recovered.journal();
    this.manifests = recovered.manifests();
    this.table = recovered.table();
    this.packs = recovered.packs();
    this.loader = recovered.loader();
    this.serializer = recovered.serializer();
    this.lines = new CommitLines(serializer);
    this.recovery = recovered.report();
    this.segments = recovered.segments();
    this.takesCheckpoints = options != null;
    this.projector = documents == null ? null : projector(recovered, documents);
    this.upkeep =
        new Upkeep(
            recovered,
            new Written(),
            new Erasing(),
            options == null ? PackOptions.every(NEVER) : options,
            documentsIfKept());
  }

  private Projector projector(Recovered recovered, DocumentOptions options) {
    Documents documents =
        new Documents(
            recovered.disk(),
            recovered.folder(),
            manifests.current().store(),
            serializer,
            recovered.validator(),
            recovered.clock(),
            options,
            snapshots(),
            journal.appended());
    return new Projector(documents, options);
  }

  /**
   * What an opening has found and made.
   *
   * @param packFolder where {@code packs} are
   */
  record Recovered(
      Disk disk,
      Path folder,
      FolderLock lock,
      LockHolder holder,
      Manifests manifests,
      PackFolder packFolder,
      long nextNumber,
      BegunSegments segments,
      long segmentSize,
      Journal journal,
      MemoryTable table,
      LivePacks packs,
      RangeLoader loader,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      RecoveryReport report) {}

  private final class Written implements Checkpoints.Source {
    @Override
    public Checkpoints.Cut cut() {
      synchronized (writing) {
        long seq = journal.appended();
        return new Checkpoints.Cut(seq, table.cut(seq));
      }
    }

    @Override
    public void packed(long seq) {
      synchronized (writing) {
        table.packed(seq);
      }
      if (projector != null) {
        projector.documents().checkpointed();
      }
    }
  }

  private final class Erasing implements Erasure.Place {
    @Override
    public void decide() {
      beforeErasure.run();
    }

    @Override
    public StoreSnapshots snapshots() {
      return FileStore.this.snapshots();
    }

    @Override
    public boolean project() throws IOException {
      Projector documents = projector;
      if (documents == null) {
        return false;
      }
      documents.documents().requestsAgain();
      documents.complete();
      return true;
    }
  }

  /**
   * Opens a state folder, or makes one.
   *
   * @param packs when to take checkpoints; null for never, so that the journal keeps everything
   * @param documents whether to keep documents for people
   * @throws StoreException {@code LOCKED} when another process holds it, {@code DAMAGED} when what
   *     was acknowledged is not there as it was, {@code UNUSABLE} when the place is no folder, not
   *     writable, or of a newer format; nothing was changed
   */
  public static FileStore open(
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      @Nullable PackOptions packs,
      boolean documents) {
    return open(
        Disk.real(),
        folder,
        serializer,
        validator,
        clock,
        JournalOptions.DEFAULT,
        packs,
        documents ? DocumentOptions.DEFAULT : null);
  }

  /** {@link #open(Path, StateSerializer, StateValidator, Clock, PackOptions, boolean)} without. */
  public static FileStore open(
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      @Nullable PackOptions packs) {
    return open(folder, serializer, validator, clock, packs, false);
  }

  /** {@link #open(Path, StateSerializer, StateValidator, Clock, PackOptions)} on another disk. */
  public static FileStore open(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      JournalOptions options) {
    return open(disk, folder, serializer, validator, clock, options, null);
  }

  /** {@link #open(Path, StateSerializer, StateValidator, Clock, PackOptions)} on another disk. */
  public static FileStore open(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      JournalOptions options,
      @Nullable PackOptions packs) {
    return open(disk, folder, serializer, validator, clock, options, packs, null);
  }

  /**
   * {@link #open(Path, StateSerializer, StateValidator, Clock, PackOptions, boolean)} with all
   * there is to say.
   */
  public static FileStore open(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      JournalOptions options,
      @Nullable PackOptions packs,
      @Nullable DocumentOptions documents) {
    return new Opening(disk, folder, serializer, validator, clock, options, packs, documents).run();
  }

  @Override
  public Owned owned() {
    return owned;
  }

  @Override
  public RecoveryReport recovery() {
    return recovery;
  }

  @Override
  public EntrySource entries() {
    return table;
  }

  @Override
  public Loaded load(NotLoadedException missing) {
    while (true) {
      try {
        return loader.load(missing.ranges());
      } catch (PackDamagedException e) {
        heal(e);
      } catch (IllegalArgumentException e) {
        throw new StoreException(Reason.DAMAGED, "a pack cannot be read: " + e.getMessage(), e);
      } catch (IOException e) {
        throw new StoreException(Reason.UNUSABLE, "packs cannot be read: " + e.getMessage(), e);
      }
    }
  }

  private void heal(PackDamagedException damaged) {
    try {
      upkeep.heal(damaged.damage());
    } catch (PackDamagedException e) {
      throw new StoreException(
          Reason.DAMAGED,
          "a pack and its twin are damaged: " + damaged.getMessage() + "; " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNUSABLE, "a damaged pack cannot be made anew now: " + e.getMessage(), e);
    }
  }

  @Override
  public void admit(List<Loaded> loaded) {
    synchronized (writing) {
      LoadedRanges.admit(loaded, table);
    }
  }

  @Override
  public Snapshot snapshot() {
    try {
      while (true) {
        LivePacks.View view = packs.view();
        PackedSnapshot snapshot = snapshot(view);
        if (snapshot != null) {
          return durable(snapshot);
        }
        view.close(); // a checkpoint has ended in between
      }
    } catch (PackDamagedException e) {
      throw new StoreException(Reason.DAMAGED, "a pack is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException(Reason.UNUSABLE, "packs cannot be read: " + e.getMessage(), e);
    }
  }

  private Snapshot durable(Snapshot snapshot) {
    boolean durable = false;
    try {
      awaitDurable(snapshot.seq());
      durable = true;
      return snapshot;
    } finally {
      if (!durable) {
        snapshot.close();
      }
    }
  }

  /** What the packs of a view lack, over it; null when they lack what is in memory no more. */
  private @Nullable PackedSnapshot snapshot(LivePacks.View view) {
    long seq;
    Unpacked unpacked;
    synchronized (writing) {
      if (table.packed() > view.packed()) {
        return null;
      }
      seq = journal.appended();
      unpacked = table.unpacked();
    }
    return new PackedSnapshot(seq, unpacked.inOrder(), view, serializer);
  }

  @Override
  public KeyNames names() {
    return serializer;
  }

  @Override
  public long appended() {
    return journal.appended();
  }

  @Override
  public long durable() {
    return journal.durable();
  }

  @Override
  public boolean hasRoom() {
    return !segments.isTooMany() && journal.hasRoom();
  }

  @Override
  public void awaitRoom(Duration patience) {
    boolean interrupted = false;
    long end = System.nanoTime() + patience.toNanos();
    try {
      for (long left = patience.toNanos(); left > 0; left = end - System.nanoTime()) {
        try {
          if (segments.awaitFewer(Duration.ofNanos(left))
              && journal.awaitRoom(Duration.ofNanos(left))) {
            return;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (JournalFullException e) {
      throw new StoreException(Reason.FULL, "the disk is full; " + e.getMessage(), e);
    } catch (JournalFailedException | JournalClosedException e) {
      throw readOnly(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    throw new StoreException(
        Reason.FULL,
        "%s in %s; try again"
            .formatted(
                segments.isTooMany()
                    ? "no checkpoint made room in the journal"
                    : "no journal space was ready",
                patience));
  }

  @Override
  public void commit(Owned by, Commit commit) {
    if (by != owned) {
      throw new StoreException(Reason.NOT_OWNER, "this shard is owned by somebody else");
    }
    synchronized (writing) {
      write(commit);
    }
  }

  private void write(Commit commit) {
    long seq = commit.stamp().seq();
    for (EntryWrite write : commit.writes()) {
      if (!PackEntry.isShortEnough(write.key())) { // no pack could ever hold it
        throw new StoreException(
            Reason.TOO_LARGE, "a key of %d characters".formatted(write.key().length()));
      }
    }
    try {
      journal.append(seq, commit.stamp().at(), line -> lines.write(commit.changes(), line));
    } catch (LineTooLongException e) {
      throw new StoreException(Reason.TOO_LARGE, String.valueOf(e.getMessage()), e);
    } catch (JournalFailedException | JournalClosedException e) {
      throw readOnly(e);
    }
    table.apply(commit.writes(), seq);
    for (Change change : commit.changes()) {
      if (change instanceof Change.AgentDeleted) {
        upkeep.erasure().deleted(seq, commit.stamp().at());
      }
    }
    if (projector != null) {
      projector.documents().changed(commit.writes(), seq);
    }
  }

  private static StoreException readOnly(Exception cause) {
    return new StoreException(
        Reason.READ_ONLY, "the store takes no more commits: " + cause.getMessage(), cause);
  }

  @Override
  public synchronized void begin() {
    if (takesCheckpoints && !closed) {
      upkeep.begin();
    }
    if (projector != null && !closed) {
      projector.begin();
    }
  }

  boolean takesCheckpoints() {
    return takesCheckpoints;
  }

  @Override
  public void checkpoint() {
    try {
      if (takesCheckpoints) {
        upkeep.checkpoint();
      }
      if (projector != null) {
        projector.complete();
      }
    } catch (IOException e) {
      throw new StoreException(
          Disk.isFull(e) ? Reason.FULL : Reason.UNUSABLE,
          "no checkpoint could be taken, and the journal has all of it: " + e.getMessage(),
          e);
    } catch (JournalFailedException | JournalClosedException e) {
      throw readOnly(e);
    }
  }

  @Override
  public void beforeErasure(Runnable decision) {
    beforeErasure = decision;
  }

  @Override
  public void erase() {
    if (!takesCheckpoints) {
      throw new StoreException(
          Reason.READ_ONLY, "this store takes no checkpoints, and so erases nothing");
    }
    try {
      upkeep.erasure().run();
    } catch (IOException e) {
      throw new StoreException(
          Disk.isFull(e) ? Reason.FULL : Reason.UNUSABLE,
          "not all that was deleted could be erased, which is tried again: " + e.getMessage(),
          e);
    } catch (Pace.EndedException | JournalFailedException e) {
      throw readOnly(e);
    }
  }

  @Override
  public SavedAgent saved(String agent, StateValidator validator) {
    try {
      return new SavedReader(recovered.disk(), recovered.folder(), serializer, validator)
          .read(agent, snapshots());
    } catch (IOException e) {
      throw new StoreException(Reason.UNUSABLE, "documents cannot be read: " + Opening.why(e), e);
    }
  }

  @Override
  public DocumentsLag documentsLag() {
    return projector == null ? DocumentsLag.NONE : projector.documents().lag();
  }

  @Override
  public void awaitDurable(long seq) {
    try {
      journal.awaitDurable(seq);
    } catch (JournalFailedException e) {
      throw unknown(e);
    }
  }

  private static StoreException unknown(Throwable cause) {
    return new StoreException(
        Reason.OUTCOME_UNKNOWN,
        "whether this was done is not known before a restart; repeat it with the same key",
        cause);
  }

  @Override
  public CompletableFuture<Void> whenDurable(long seq) {
    return journal
        .whenDurable(seq)
        .<Void>handle(
            (done, failure) -> {
              if (failure != null) {
                throw new CompletionException(unknown(failure));
              }
              return done;
            })
        .toCompletableFuture();
  }

  @Override
  public ScrubReport scrub() {
    return upkeep.scrubbed();
  }

  /**
   * Checks a state folder that nobody serves; writes nothing but LOCK, which it holds meanwhile.
   *
   * @throws StoreException {@code LOCKED} when another process holds it, {@code UNUSABLE} when it
   *     holds no state or cannot be read
   */
  public static CheckReport verify(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      CheckProgress progress) {
    return FolderVerification.run(disk, folder, serializer, validator, clock, progress);
  }

  @Override
  public CheckReport verify(StateValidator validator, CheckProgress progress) {
    try {
      return new OpenVerification(recovered, documentsIfKept(), validator, progress).run();
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNUSABLE, "the store could not be checked: " + e.getMessage(), e);
    }
  }

  /**
   * Heals what has a second copy in a folder that nobody serves, and puts what has none into
   * quarantine.
   *
   * @throws StoreException as {@link #open} does, and when there is no state at all
   */
  public static RepairReport repair(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      CheckProgress progress) {
    return Repair.ofFolder(disk, folder, serializer, validator, clock, progress, false);
  }

  /**
   * {@link #repair(Disk, Path, StateSerializer, StateValidator, Clock, CheckProgress)}; but where
   * nothing but documents is left, a store is made in which all who have some are damaged, so that
   * these can bring them back.
   */
  public static RepairReport repairFromDocuments(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      CheckProgress progress) {
    return Repair.ofFolder(disk, folder, serializer, validator, clock, progress, true);
  }

  @Override
  public RepairReport repair(StateValidator validator, CheckProgress progress) {
    return repair(validator, progress, List.of());
  }

  RepairReport repair(
      StateValidator validator, CheckProgress progress, List<RecoveryReport.Damage> known) {
    if (!takesCheckpoints) {
      throw new StoreException(
          Reason.READ_ONLY, "this store takes no checkpoints, and so repairs nothing");
    }
    try {
      return Repair.ofStore(recovered, upkeep, documentsIfKept(), validator, progress, known);
    } catch (IOException e) {
      throw new StoreException(
          Disk.isFull(e) ? Reason.FULL : Reason.UNUSABLE,
          "the store could not be repaired: " + e.getMessage(),
          e);
    } catch (JournalFailedException | JournalClosedException e) {
      throw readOnly(e);
    }
  }

  @Override
  public StoreStats stats() {
    Manifest manifest = manifests.current();
    List<Segment> segments = manifest.segments();
    List<PackDescription> packs = manifest.packs();
    return new StoreStats(
        "file",
        table.size(),
        journal.appended(),
        journal.durable(),
        segments.stream().mapToLong(Segment::size).sum(),
        segments.size(),
        manifest.packed(),
        packs.size(),
        packs.stream().mapToLong(pack -> pack.pack().size()).sum(),
        packs.stream().mapToLong(pack -> pack.twin().size()).sum(),
        upkeep.lastCheckpoint());
  }

  @Override
  public void servedAt(String url) {
    try {
      lock.rewrite(new LockHolder(holder.since(), url).encoded());
    } catch (IOException e) {
      log.warn("the file LOCK could not be told that {} serves this folder", url, e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock;
        journal;
        packs) {
      if (projector != null) {
        projector.end(); // or an erasure would be waited for until it has projected all
      }
      upkeep.close();
      if (projector != null) {
        projector.close();
      }
    } catch (IOException | JournalFailedException e) {
      log.error("the journal could not be closed; the next start recovers it", e);
    }
  }

  private @Nullable Documents documentsIfKept() {
    return projector == null ? null : projector.documents();
  }

  /** What looks after packs. */
  Upkeep upkeep() {
    return upkeep;
  }

  /** What documents are made of. */
  StoreSnapshots snapshots() {
    return new StoreSnapshots(writing, table, packs, serializer, journal);
  }

  /** The documents, of a store that keeps them. */
  Documents documents() {
    return Objects.requireNonNull(projector).documents();
  }
}
