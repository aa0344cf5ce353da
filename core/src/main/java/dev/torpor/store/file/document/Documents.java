package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.EntryWrite;
import dev.torpor.store.DocumentsLag;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The documents of a store: told of every commit, they follow it. {@link #run} does so at a bounded
 * rate and is called again and again; {@link #complete} does all there is to do. Thread-safe; the
 * projecting is done by one thread at a time.
 */
public final class Documents {
  private static final Logger log = LoggerFactory.getLogger(Documents.class);

  /** Pauses are gathered up to this, since none is short. */
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

  /** An owner of no entries, whose snapshot only tells what time it is. */
  private static final String NOBODY = "~";

  /** After a failure of the disk. */
  private static final long PAUSE_BEHIND_FAILURE = TimeUnit.SECONDS.toNanos(5);

  private final AgentProjection.Tools tools;
  private final String store;
  private final StateSerializer serializer;
  private final DocumentOptions options;
  private final DocumentSource source;
  private final AgentDocuments agents;
  private final Dirty dirty = new Dirty();

  /** Held by whoever projects. */
  private final ReentrantLock projecting = new ReentrantLock();

  private final Condition ending = projecting.newCondition();
  private Progress progress = Progress.NONE;

  /** Agents of which it is not known whether they changed, and since when they may have. */
  private DocumentSource.@Nullable Ids doubtful;

  private long doubtfulSince;

  /** What was wrong, at the beginning, with what says how far they are; until it was told. */
  private Comparison.@Nullable Fault lost;

  private boolean untrusted;

  /** The highest sequence number that a snapshot had: so far all is durable, and was told. */
  private long seen;

  private boolean begun;
  private long pauseUntil = System.nanoTime();
  private long failedUntil = System.nanoTime();
  private long overviewRestsUntil = System.nanoTime();
  private volatile boolean checkpointed;
  private volatile boolean ended;

  /**
   * @param folder the state folder
   * @param store the store's id
   * @param serializer writes the values
   * @param validator what it finds broken is not written
   * @param before the sequence number of the last commit that is not told
   */
  public Documents(
      Disk disk,
      Path folder,
      String store,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      DocumentOptions options,
      DocumentSource source,
      long before) {
    this.seen = before;
    this.tools = new AgentProjection.Tools(disk, folder, new Pieces(serializer), clock);
    this.store = store;
    this.serializer = serializer;
    this.options = options;
    this.source = source;
    this.agents = new AgentDocuments(tools, validator, source, dirty);
  }

  /** Whether a state folder has documents, so that somebody wants them. */
  public static boolean areIn(Disk disk, Path folder) {
    return disk.exists(folder.resolve(Progress.FILE))
        || disk.exists(folder.resolve(Part.SESSION.folder()));
  }

  /**
   * Up to which sequence number all was durable, by what documents say of a store; 0 if nothing.
   */
  public static long durable(Disk disk, Path folder, String store) throws IOException {
    return Progress.read(disk, folder, store).seq();
  }

  /** The id of the store whose documents these are; null where nothing says so. */
  public static @Nullable String storeOf(Disk disk, Path folder) throws IOException {
    try {
      return new DocumentFile(disk, folder, Progress.FILE).metadata().sessionId();
    } catch (NoSuchFileException | DamagedDocumentException e) {
      return null;
    }
  }

  /**
   * Takes note of what a commit wrote. Called for every commit, in their order, before any snapshot
   * shows it; neither waits nor does I/O.
   */
  public void changed(List<EntryWrite> writes, long seq) {
    dirty.note(writes, seq);
  }

  /** Says that a checkpoint was taken: who is there and who was is written when there is time. */
  public void checkpointed() {
    checkpointed = true;
  }

  /**
   * Projects what has waited long enough, at a bounded rate; returns when there is nothing more for
   * now, or when this was ended.
   *
   * @throws IOException when the disk fails: what could not be written waits
   */
  public void run() throws IOException {
    projecting.lock();
    try {
      if (ended || failedUntil - System.nanoTime() > 0) {
        return;
      }
      begin();
      boolean any = false;
      while (!ended && projectNext()) {
        any = true;
        pause();
      }
      if (!ended && (any || checkpointed || !dirty.isEmpty())) {
        projectStore(false);
      }
    } catch (UncheckedIOException e) {
      throw failed(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      projecting.unlock();
    }
  }

  private IOException failed(IOException failure) {
    failedUntil = System.nanoTime() + PAUSE_BEHIND_FAILURE;
    return failure;
  }

  /** Projects one agent; false when there is none for now. */
  private boolean projectNext() throws IOException {
    String next = dirty.next(System.nanoTime(), options.delay().toNanos());
    if (next != null) {
      project(next, null);
    }
    return projectDoubtful() || next != null;
  }

  private boolean projectDoubtful() throws IOException {
    if (doubtful == null) {
      Long since = dirty.takeForgotten();
      if (since == null) {
        return false;
      }
      doubtfulSince = since;
      doubtful = source.changedSince(since);
    }
    DocumentSource.Ids ids = doubtful;
    try {
      String agent = ids.next();
      if (agent != null) {
        project(agent, Pending.anything(agent, untrusted));
        return true;
      }
    } catch (UncheckedIOException | IOException e) {
      dirty.forget(doubtfulSince); // from the beginning again
      endDoubts(ids);
      throw e;
    }
    endDoubts(ids);
    untrusted = false;
    return true;
  }

  private void endDoubts(DocumentSource.Ids ids) throws IOException {
    doubtful = null;
    ids.close();
  }

  private void project(String agent, @Nullable Pending more) throws IOException {
    Cost cost = new Cost();
    long began = System.nanoTime();
    // As long as it is not known who changed, it may be this one, before what was told of it.
    Pending suspected =
        more == null && doubtful != null ? Pending.anything(agent, untrusted) : more;
    seen = Math.max(seen, agents.project(agent, suspected, cost));
    long now = System.nanoTime();
    long rest = options.rest(cost.rewritten());
    if (rest > options.delay().toNanos()) {
      dirty.rest(agent, now + rest);
    }
    pauseUntil = Math.max(pauseUntil, now) + options.pause(cost, now - began);
  }

  /** Keeps to the rate; others may project meanwhile. */
  private void pause() {
    try {
      for (long left = pauseUntil - System.nanoTime();
          left > SHORTEST_PAUSE && !ended;
          left = pauseUntil - System.nanoTime()) {
        var _ = ending.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended = true; // nobody interrupts this thread but to end it
    }
  }

  /** Finds out where an earlier life ended. */
  private void begin() throws IOException {
    if (begun) {
      return;
    }
    Disk disk = tools.disk();
    disk.createFolders(tools.folder().resolve("system"));
    for (Part part : Part.values()) {
      disk.createFolders(tools.folder().resolve(part.folder()));
    }
    disk.delete(tools.workplace().whole());
    disk.delete(tools.workplace().body());
    progress = readProgress();
    if (progress.seq() > seen) {
      log.warn("documents are newer than the state; all of them are looked at again");
      progress = Progress.NONE;
    }
    if (progress.equals(Progress.NONE)) {
      progress.write(tools, store); // from here on it is a loss if there is none
    }
    if (progress.seq() < seen) {
      untrusted = true;
      dirty.forget(progress.seq());
      dirty.putBackEvents(new Dirty.Events(progress.seq() + 1, null));
      dirty.putBackRequests();
    }
    begun = true;
  }

  private Progress readProgress() throws IOException {
    Path own = tools.folder().resolve(Part.SESSION.folder());
    try {
      return Progress.checked(tools.disk(), tools.folder(), store);
    } catch (NoSuchFileException e) {
      if (!tools.disk().list(own).isEmpty()) {
        lost = new Comparison.Fault(Progress.FILE, "it is missing");
      }
    } catch (DamagedDocumentException e) {
      lost = Comparison.Fault.of(e);
    }
    if (lost != null) {
      log.warn("{}; all documents are looked at again", lost);
    }
    return Progress.NONE;
  }

  /**
   * Projects what belongs to no agent, and says how far all is.
   *
   * @param all whether who is there and who was is written, however lately it was
   */
  private void projectStore(boolean all) throws IOException {
    Cost cost = new Cost();
    long began = System.nanoTime();
    Dirty.Events events = dirty.takeEvents();
    boolean overview = all || (checkpointed && overviewRestsUntil - System.nanoTime() <= 0);
    try {
      StoreProjection projection = new StoreProjection(tools, store, source, cost);
      if (events != null) {
        progress = projection.events(progress, events.keys());
        events = null;
      }
      if (overview) {
        checkpointed = false;
        progress = projection.overview(progress);
        projectRequests(projection);
      }
    } finally {
      if (events != null) {
        dirty.putBackEvents(events);
      }
    }
    long now = System.nanoTime();
    overviewRestsUntil = overview ? now + options.rest(cost.rewritten()) : overviewRestsUntil;
    pauseUntil = Math.max(pauseUntil, now) + options.pause(cost, now - began);
    long settled = dirty.settled(doubtful == null ? seen : Math.min(seen, doubtfulSince));
    if (settled > progress.seq() || overview) {
      progress = progress.at(Math.max(settled, progress.seq()));
      progress.write(tools, store);
    }
  }

  private void projectRequests(StoreProjection projection) throws IOException {
    boolean waiting = dirty.takeRequests();
    try {
      if (waiting) {
        progress = projection.requests(progress);
        waiting = false;
      }
    } finally {
      if (waiting) {
        dirty.putBackRequests();
      }
    }
  }

  /**
   * Projects everything that was committed before this was called.
   *
   * @throws IOException when the disk fails, or this was ended: what could not be written waits
   */
  public void complete() throws IOException {
    complete(Long.MAX_VALUE);
  }

  /** {@link #complete()} for a time, in nanoseconds; false when that was too short. */
  private boolean complete(long limit) throws IOException {
    long began = System.nanoTime();
    projecting.lock();
    try {
      begin();
      long upTo;
      try (Snapshot nothing = source.of(NOBODY)) {
        upTo = nothing.seq();
      }
      boolean more = true;
      while (more) {
        if (ended && limit == Long.MAX_VALUE) {
          throw new IOException("the store is closed; the rest is written at its end, or later");
        }
        if (System.nanoTime() - began >= limit) {
          projectStore(false);
          return false;
        }
        String next = dirty.any(upTo);
        if (next != null) {
          project(next, null);
        }
        more = projectDoubtful() || next != null;
      }
      seen = Math.max(seen, upTo);
      projectStore(true);
      pauseUntil = System.nanoTime(); // that was asked for, whatever it cost
      return true;
    } catch (UncheckedIOException e) {
      throw failed(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw failed(e);
    } finally {
      projecting.unlock();
    }
  }

  /** How the documents of an agent stand to its entries, while nobody writes either. */
  public Comparison compare(String agent) throws IOException {
    projecting.lock();
    try (Snapshot snapshot = source.of(agent)) {
      return new Comparing(files(), new Pieces(serializer), snapshot, agent).run();
    } finally {
      projecting.unlock();
    }
  }

  /**
   * A check of all of them, beside who projects: of one agent after the other. What is behind only
   * since it waits to be projected is not told.
   */
  public DocumentCheck check() {
    return new DocumentCheck(
        tools.disk(),
        tools.folder(),
        store,
        source,
        new DocumentCheck.Comparer() {
          @Override
          public Comparison compare(String agent) throws IOException {
            Comparison comparison = Documents.this.compare(agent);
            return switch (comparison.result()) {
              case STALE, MISSING ->
                  dirty.isWaiting(agent) ? Comparison.of(Comparison.Result.EQUAL) : comparison;
              case EQUAL, NEWER, DAMAGED -> comparison;
            };
          }

          @Override
          public List<Comparison> compareStore(Progress read) throws IOException {
            return Documents.this.compareStore(read).stream()
                .filter(comparison -> comparison.result() != Comparison.Result.STALE)
                .toList();
          }
        });
  }

  /**
   * How the store's own documents stand to its entries.
   *
   * @param read what was read of {@code system/documents.json}
   */
  private List<Comparison> compareStore(Progress read) throws IOException {
    projecting.lock();
    try {
      return new StoreComparing(
              files(), store, new Pieces(serializer), source, begun ? progress : read)
          .run();
    } finally {
      projecting.unlock();
    }
  }

  /** What makes good again what is damaged of them. */
  public DocumentHealing healing() {
    return new DocumentHealing(this, files(), source);
  }

  /**
   * Projects an agent again, at once, if its documents are not as they were written; gives what was
   * wrong with them. Documents that only wait to be projected are as they were written.
   */
  List<Comparison.Fault> heal(String agent, DocumentSums sums) throws IOException {
    projecting.lock();
    try {
      begin();
      DocumentSums.Sums found = sums.of(agent, _ -> {});
      if (!found.faults().isEmpty() && (untrusted || dirty.isUntrusted(agent))) {
        log.info("documents of agent '{}' may be half written: {}", agent, found.faults());
        project(agent, Pending.anything(agent, true)); // which is no damage
        found = sums.of(agent, _ -> {});
      }
      if (found.isAhead()) { // the last that is left of what was lost
        String what = "it is newer than the state, which has lost something; it is kept";
        return List.of(new Comparison.Fault(Part.SESSION.file(agent), what));
      }
      List<Comparison.Fault> faults = new ArrayList<>(found.faults());
      if (found.isBehind() && doubtful == null && !dirty.isWaiting(agent)) {
        faults.add(new Comparison.Fault(Part.SESSION.file(agent), "it is missing, or too old"));
      }
      if (!faults.isEmpty()) {
        dirty.putBack(Pending.again(agent));
        project(agent, null);
      }
      return faults;
    } finally {
      projecting.unlock();
    }
  }

  /** Whether an agent's documents are to be projected, as far as is known. */
  boolean isWaiting(String agent) {
    return dirty.isWaiting(agent);
  }

  /** Projects again, at once, what of the store's own documents is damaged. */
  List<Comparison.Fault> healStore() throws IOException {
    projecting.lock();
    try {
      begin();
      List<Comparison.Fault> faults = new ArrayList<>();
      if (lost != null) {
        faults.add(lost);
        lost = null;
      }
      for (Comparison comparison : compareStore(progress)) {
        if (comparison.result() == Comparison.Result.DAMAGED) {
          faults.addAll(comparison.faults());
        }
      }
      boolean says = true;
      try {
        says = Progress.checked(tools.disk(), tools.folder(), store).equals(progress);
      } catch (NoSuchFileException | DamagedDocumentException e) {
        faults.add(new Comparison.Fault(Progress.FILE, "it is missing, or not what was written"));
      }
      if (!faults.isEmpty()) {
        dirty.putBackEvents(new Dirty.Events(progress.seq() + 1, null));
        dirty.putBackRequests();
        progress = progress.withSessions("").withDeleted("");
        projectStore(true);
      } else if (!says) {
        progress.write(tools, store);
      }
      return faults;
    } finally {
      projecting.unlock();
    }
  }

  /** Has a file moved away that is nobody's; false when it is somebody's by now. */
  boolean remove(Strays.Stray stray, DocumentHealing.Mover mover) throws IOException {
    projecting.lock();
    try {
      String agent = Objects.requireNonNull(stray.agent());
      Path file = tools.folder().resolve(stray.file());
      boolean isStill =
          tools.disk().exists(file)
              && !new Strays(tools.disk(), tools.folder(), source).isHere(agent);
      if (isStill) {
        mover.move(file);
      }
      return isStill;
    } finally {
      projecting.unlock();
    }
  }

  private AgentFiles files() {
    return new AgentFiles(tools.disk(), tools.folder());
  }

  /** Projects an agent again whatever is known of its documents: for one whose are damaged. */
  public void again(String agent) {
    dirty.putBack(Pending.again(agent));
  }

  /** Makes anew what tells of requests under idempotency keys, whether any came or not. */
  public void requestsAgain() {
    dirty.putBackRequests();
    checkpointed = true;
  }

  /** The names of an agent's documents in the state folder, with slashes. */
  public static List<String> files(String agent) {
    return Arrays.stream(Part.values()).map(part -> part.file(agent)).toList();
  }

  /** Whose document a file is, by its folder and name; null when it is none. */
  public static @Nullable String agentOf(String folder, String name) {
    return Part.agentOf(folder, name);
  }

  /** How far they are behind. */
  public DocumentsLag lag() {
    return dirty.lag(System.nanoTime());
  }

  /** Breaks off what runs, soon, and lets nothing more run by itself. */
  public void end() {
    ended = true;
    projecting.lock();
    try {
      ending.signalAll();
    } finally {
      projecting.unlock();
    }
  }

  /** Projects what waits, as long as the options say; the rest is for the next start. */
  public void finish() {
    end();
    try {
      if (!complete(options.closeWithin().toNanos())) {
        log.warn(
            "documents: not all could be written in {}; the next start goes on",
            options.closeWithin());
      }
    } catch (IOException | RuntimeException e) { // whatever it is, the journal must be closed
      log.warn("documents: not all could be written; the next start goes on", e);
    }
  }
}
