package dev.torpor.testkit;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.KeyNames;
import dev.torpor.store.Commit;
import dev.torpor.store.Owned;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateStore;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreException.Reason;
import dev.torpor.store.StoreStats;
import dev.torpor.store.file.MemoryTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A store in memory, for tests that need no folder: fast, and gone with the process. A commit is as
 * durable as it will ever be when it is taken. {@link #reopened()} is what a restart would find.
 *
 * <pre>{@code
 * MemoryStore store = new MemoryStore();
 * try (Torpor torpor = Torpor.with(store).open()) { … }
 * try (Torpor torpor = Torpor.with(store.reopened()).open()) { … }
 * }</pre>
 *
 * Threads: as {@link StateStore} says.
 */
public final class MemoryStore implements StateStore {
  private final MemoryTable table;
  private final Owned owned;
  private volatile long appended;
  private volatile boolean closed;

  /** A store with nothing in it. */
  public MemoryStore() {
    this(new MemoryTable(), 0, 1);
  }

  private MemoryStore(MemoryTable table, long appended, long epoch) {
    this.table = table;
    this.appended = appended;
    this.owned = new OwnedInMemory(0, epoch);
  }

  private record OwnedInMemory(int shard, long epoch) implements Owned {}

  /** The store as the next process would find it. This one takes no more commits. */
  public MemoryStore reopened() {
    close();
    return new MemoryStore(table, appended, owned.epoch() + 1);
  }

  @Override
  public Owned owned() {
    return owned;
  }

  @Override
  public RecoveryReport recovery() {
    return RecoveryReport.NONE;
  }

  @Override
  public EntrySource entries() {
    return table;
  }

  @Override
  public Snapshot snapshot() {
    List<Entry> all = new ArrayList<>();
    synchronized (table) {
      table.scan("").forEachRemaining(all::add);
      return new SnapshotInMemory(appended, all);
    }
  }

  private record SnapshotInMemory(long seq, List<Entry> entries) implements Snapshot {
    @Override
    public Cursor scan(String prefix) {
      Iterator<Entry> matching =
          entries.stream().filter(entry -> entry.key().startsWith(prefix)).iterator();
      return () -> matching.hasNext() ? matching.next() : null;
    }

    @Override
    public void close() {}
  }

  @Override
  public KeyNames names() {
    return KeyNames.PERCENT_ENCODED;
  }

  @Override
  public long appended() {
    return appended;
  }

  @Override
  public long durable() {
    return appended;
  }

  @Override
  public boolean hasRoom() {
    return !closed;
  }

  @Override
  public void awaitRoom(Duration patience) {
    checkOpen();
  }

  private void checkOpen() {
    if (closed) {
      throw new StoreException(Reason.READ_ONLY, "the store is closed");
    }
  }

  @Override
  public void commit(Owned by, Commit commit) {
    checkOpen();
    if (by != owned) {
      throw new StoreException(Reason.NOT_OWNER, "this shard is owned by somebody else");
    }
    if (commit.stamp().seq() != appended + 1) {
      throw new IllegalStateException(
          "commit %d after commit %d".formatted(commit.stamp().seq(), appended));
    }
    synchronized (table) { // beside the decision lock, which a snapshot does not hold
      table.apply(commit.writes(), commit.stamp().seq());
      appended = commit.stamp().seq();
    }
  }

  @Override
  public void awaitDurable(long seq) {}

  @Override
  public CompletableFuture<Void> whenDurable(long seq) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public StoreStats stats() {
    return new StoreStats("memory", table.size(), appended, appended, 0, 0, 0, 0, 0, 0, null);
  }

  @Override
  public void close() {
    closed = true;
  }
}
