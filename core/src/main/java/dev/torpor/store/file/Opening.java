package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FolderLock;
import dev.torpor.disk.FolderLockedException;
import dev.torpor.state.AgentCounts;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.NotLoadedException;
import dev.torpor.state.Session;
import dev.torpor.store.Loaded;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.journal.Damage;
import dev.torpor.store.file.journal.Journal;
import dev.torpor.store.file.journal.JournalFailedException;
import dev.torpor.store.file.journal.JournalOptions;
import dev.torpor.store.file.journal.JournalReader;
import dev.torpor.store.file.journal.Replay;
import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The opening of a state folder, in its order; see this package's description. */
record Opening(
    Disk disk,
    Path folder,
    StateSerializer serializer,
    StateValidator validator,
    Clock clock,
    JournalOptions options,
    @Nullable PackOptions packOptions,
    @Nullable DocumentOptions documentOptions) {
  private static final Logger log = LoggerFactory.getLogger(FileStore.class);

  FileStore run() {
    return run(null);
  }

  /** The same, but everything is read first, and what is damaged of it made good or named. */
  FileStore runSalvaging() {
    return run(() -> new Aftermath(this).run());
  }

  /** The same; where nothing but documents is left, of them. */
  FileStore runFromDocuments() {
    return run(
        () -> {
          List<RecoveryReport.Damage> damaged = new ArrayList<>(new Rebirth(this).run());
          damaged.addAll(new Aftermath(this).run());
          return damaged;
        });
  }

  /** What makes a folder good before it is opened. */
  private interface Salvage {
    List<RecoveryReport.Damage> run() throws IOException;
  }

  private FileStore run(@Nullable Salvage salvage) {
    long began = System.nanoTime();
    LockHolder holder = new LockHolder(clock.instant(), null);
    FolderLock lock = lock(holder);
    boolean opened = false;
    try {
      FileStore store =
          salvage == null
              ? recoverOrSalvage(lock, holder, began)
              : recover(lock, holder, began, salvage.run());
      opened = true;
      return store;
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    } catch (IOException e) {
      throw unusable(e);
    } finally {
      if (!opened) {
        release(lock);
      }
    }
  }

  FolderLock lock(LockHolder holder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new StoreException(
          Reason.UNUSABLE, "the state folder " + folder + " is a file; name a folder");
    }
    try {
      disk.createFolders(folder);
      return disk.lock(folder.resolve("LOCK"), holder.encoded());
    } catch (FolderLockedException e) {
      throw new StoreException(
          Reason.LOCKED,
          "the state folder %s is held by %s; stop it first, or talk to its server"
              .formatted(folder, LockHolder.shown(e.holder())),
          e);
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNUSABLE, "the state folder " + folder + " is not writable: " + why(e), e);
    }
  }

  /** The system's words; the name of the JDK's exception only where there are none. */
  static String why(IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return e.getMessage() + " is a file";
    }
    boolean speaks =
        e instanceof FileNotFoundException
            || (e instanceof FileSystemException f && f.getReason() != null);
    return speaks ? String.valueOf(e.getMessage()) : e.toString();
  }

  static void release(FolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("the lock could not be let go", e);
    }
  }

  /** What has no second copy does not keep the rest from being opened, but for who only reads. */
  private FileStore recoverOrSalvage(FolderLock lock, LockHolder holder, long began)
      throws IOException {
    try {
      return recover(lock, holder, began, List.of());
    } catch (StoreException | UncheckedIOException | PackDamagedException e) {
      List<RecoveryReport.Damage> lost =
          packOptions == null || !isDamage(e) ? List.of() : new Aftermath(this).run();
      if (lost.isEmpty()) {
        throw e;
      }
      return recover(lock, holder, began, lost);
    }
  }

  private static boolean isDamage(Exception e) {
    return e instanceof StoreException s
        ? s.reason() == Reason.DAMAGED
        : e instanceof PackDamagedException || e.getCause() instanceof PackDamagedException;
  }

  /**
   * Recovers.
   *
   * @param salvaged what was damaged, and is made good or named as lost already
   */
  private FileStore recover(
      FolderLock lock, LockHolder holder, long began, List<RecoveryReport.Damage> salvaged)
      throws IOException {
    Path journalFolder = folder.resolve("journal");
    Manifests manifests = Manifests.read(disk, folder.resolve("system"), holdsState());
    Manifest manifest = manifests.current();
    requireNoGaps(manifest);
    PackFolder packFolder =
        new PackFolder(disk, folder.resolve("packs"), folder.resolve("mirror"), manifest.store());
    PackMender mender = mend(packFolder, manifest);
    LivePacks packs = new LivePacks(packFolder, mender.named());
    RangeLoader loader = new RangeLoader(packs, serializer);
    MemoryTable table =
        new MemoryTable(
            manifest.packed(),
            packOptions == null ? PackOptions.defaultMemory() : packOptions.memory());
    JournalReader reader =
        JournalReader.open(
            disk, journalFolder, manifest.store(), manifest.segments(), knownDurable(manifest));
    EntrySource entries =
        new LoadingSource(
            table,
            missing -> load(missing, loader, packs, mender),
            loaded -> LoadedRanges.admit(loaded, table));
    Replay replay = replay(reader, manifest.packed(), table, entries);
    if (manifest.packed() == 0) {
      validate(entries); // all of it is in memory
    }
    long agents = agents(entries);
    List<RecoveryReport.Damage> damaged = new ArrayList<>(salvaged);
    damaged.addAll(manifests.damages());
    damaged.addAll(mender.damages());
    replay.damages().forEach(damage -> damaged.add(Told.of(damage)));

    manifests.settle(); // from here on the folder changes
    List<String> removed = new ArrayList<>();
    Clearing clearing = new Clearing(disk, folder, removed);
    clearing.replace(manifests, packFolder, mender);
    packs.follow(() -> manifests.current().packs());
    clearing.removePacks(packFolder, mender.live());
    List<Segment> blank = reader.blank();
    reader.leftovers().forEach(file -> removed.add("journal/" + file.getFileName()));
    BegunSegments segments = new BegunSegments(manifests, reader.firstSeqs(), blank);
    Journal journal = Journal.start(reader, options, clock, segments);
    boolean cleared = false;
    try {
      for (Segment segment : blank) {
        disk.delete(segment.file(journalFolder));
        removed.add("journal/" + segment.file(journalFolder).getFileName());
      }
      cleared = true;
    } finally {
      if (!cleared) {
        abandon(journal);
      }
    }
    RecoveryReport report =
        new RecoveryReport(
            agents,
            replay.last() - manifest.packed(),
            replay.tornTail() == null ? 0 : replay.tornTail().bytes(),
            damaged,
            removed,
            Duration.ofNanos(System.nanoTime() - began));
    say(report);
    return new FileStore(
        new FileStore.Recovered(
            disk,
            folder,
            lock,
            holder,
            manifests,
            packFolder,
            mender.nextNumber(),
            segments,
            options.segmentSize(),
            journal,
            table,
            packs,
            loader,
            serializer,
            validator,
            clock,
            report),
        packOptions,
        documentOptions);
  }

  /** Reads what the replay needs; a pack that turns out to be damaged is made anew first. */
  private static Loaded load(
      NotLoadedException missing, RangeLoader loader, LivePacks packs, PackMender mender) {
    try {
      while (true) {
        try {
          return loader.load(missing.ranges());
        } catch (PackDamagedException e) {
          mender.mend(e);
          packs.follow(mender.named());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireNoGaps(Manifest manifest) {
    List<String> gaps = manifest.gaps().stream().map(gap -> Told.gap(gap).what()).toList();
    if (!gaps.isEmpty()) {
      throw damaged(String.join("; ", gaps), null);
    }
  }

  private PackMender mend(PackFolder packFolder, Manifest manifest) throws IOException {
    PackMender mender = new PackMender(packFolder, nextNumber(manifest));
    for (PackDescription pack : manifest.packs()) {
      try {
        mender.look(pack);
      } catch (PackDamagedException e) {
        throw damaged("pack %d: %s".formatted(pack.number(), e.getMessage()), e);
      }
    }
    return mender;
  }

  /** What is durable by other evidence than the journal's: packs, and what documents say. */
  long knownDurable(Manifest manifest) throws IOException {
    return Math.max(manifest.packed(), Documents.durable(disk, folder, manifest.store()));
  }

  /** A number above that of any pack, live or left over. */
  long nextNumber(Manifest manifest) throws IOException {
    long highest = 0;
    for (PackDescription pack : manifest.packs()) {
      highest = Math.max(highest, pack.number());
    }
    for (String name : List.of("packs", "mirror")) {
      Path files = folder.resolve(name);
      for (Path file : disk.exists(files) ? disk.list(files) : List.<Path>of()) {
        highest = Math.max(highest, PackFolder.numberOf(file).orElse(0));
      }
    }
    return highest + 1;
  }

  /** Its threads must not go on writing when the lock is gone. */
  private static void abandon(Journal journal) {
    try {
      journal.close();
    } catch (IOException | JournalFailedException e) {
      log.warn("the journal could not be closed", e);
    }
  }

  /** Whether there is anything that only a store that has a manifest makes. */
  boolean holdsState() throws IOException {
    for (String name : List.of("journal", "packs", "mirror")) {
      Path files = folder.resolve(name);
      if (disk.exists(files) && !disk.list(files).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private Replay replay(JournalReader reader, long packed, MemoryTable table, EntrySource source)
      throws IOException {
    Fold fold = new Fold(source, serializer);
    long[] applied = {packed};
    CommitsAhead.Applying applying =
        (stamp, changes, failure) -> {
          if (stamp.seq() != applied[0] + 1) {
            return; // after a gap nothing fits; the gap itself is told below
          }
          try {
            if (failure != null) {
              throw failure;
            }
            changes.forEach(change -> fold.apply(change, stamp));
          } catch (UncheckedIOException e) {
            throw e; // not the commit's fault
          } catch (RuntimeException e) { // whatever is wrong with it
            throw damaged(
                "commit " + stamp.seq() + " does not fit the state: " + e.getMessage(), e);
          }
          table.apply(fold.take(), stamp.seq());
          applied[0] = stamp.seq();
        };
    Replay replay;
    try (CommitsAhead commits = new CommitsAhead(new CommitLines(serializer), applying)) {
      replay = reader.replay(packed + 1, commits::add);
      commits.finish();
    }
    List<Damage> losses = replay.damages().stream().filter(Damage::losesCommits).toList();
    if (!losses.isEmpty()) {
      StringBuilder all = new StringBuilder();
      losses.forEach(loss -> all.append(all.isEmpty() ? "" : "; ").append(told(loss)));
      throw damaged(all.toString(), null);
    }
    if (applied[0] != replay.last()) {
      throw damaged("commit " + (applied[0] + 1) + " is missing in the journal", null);
    }
    return replay;
  }

  private StoreException unreadable(UncheckedIOException unchecked) {
    return switch (unchecked.getCause()) {
      case PackDamagedException e -> damaged(String.valueOf(e.getMessage()), e);
      case IOException e -> unusable(e);
      case null -> throw unchecked;
    };
  }

  private StoreException unusable(IOException e) {
    return new StoreException(
        Reason.UNUSABLE, "the state folder " + folder + " cannot be used: " + why(e), e);
  }

  private StoreException damaged(String what, @Nullable Throwable cause) {
    return new StoreException(
        Reason.DAMAGED, folder + " is damaged: " + what + "; nothing was changed", cause);
  }

  private static String told(Damage damage) {
    String to = damage.toSeq() == Damage.UNKNOWN ? "an unknown end" : "" + damage.toSeq();
    return "%s at byte %d: %s, commits %d to %s are lost"
        .formatted(
            damage.file().getFileName(), damage.position(), damage.what(), damage.fromSeq(), to);
  }

  /** Checks every agent. */
  private void validate(EntrySource entries) {
    Iterator<Entry> ids = entries.scan(Keys.IDS);
    while (ids.hasNext()) {
      validate((String) ids.next().value(), entries);
    }
    validate(Session.USER, entries); // in no list of agents
  }

  private void validate(String id, EntrySource entries) {
    AgentSnapshot agent = AgentSnapshot.of(id, entries);
    List<String> broken = agent == null ? List.of() : validator.validate(agent);
    if (!broken.isEmpty()) {
      throw damaged(String.join("; ", broken), null);
    }
  }

  private static long agents(EntrySource entries) {
    Entry counts = entries.get(Keys.AGENT_COUNTS);
    return counts == null ? 0 : ((AgentCounts) counts.value()).all();
  }

  private void say(RecoveryReport report) {
    log.info(
        "recovered {} agents from {} commits in {} ms",
        report.agents(),
        report.commitsReplayed(),
        report.took().toMillis());
    if (report.tornBytes() > 0) {
      log.info("dropped {} bytes that were never acknowledged", report.tornBytes());
    }
    report.removed().forEach(file -> log.info("removed the leftover {}", file));
    report.damaged().forEach(d -> log.warn("{}: {}, healed: {}", d.file(), d.what(), d.healed()));
  }
}
