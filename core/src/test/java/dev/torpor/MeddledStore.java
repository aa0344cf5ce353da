package dev.torpor;

import dev.torpor.state.EntrySource;
import dev.torpor.state.KeyNames;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.Owned;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import dev.torpor.store.StoreStats;
import dev.torpor.store.file.FileStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A file store that is full when the test says so, and lets it in before something is durable. */
final class MeddledStore implements StateStore {
  private final FileStore store;

  /** Runs on the thread of whoever waits until something is durable. */
  volatile Runnable beforeDurable = () -> {};

  volatile boolean isFull;

  /** Behind so many commits it is full. */
  final AtomicInteger commitsUntilFull = new AtomicInteger(Integer.MAX_VALUE);

  /** How often somebody asked for space and was refused. */
  final AtomicInteger refusals = new AtomicInteger();

  MeddledStore(Path folder) {
    store =
        FileStore.open(
            folder, new JsonStateSerializer(), StateValidator.INVARIANTS, Clock.systemUTC(), null);
  }

  @Override
  public boolean hasRoom() {
    return !isFull && store.hasRoom();
  }

  @Override
  public void awaitRoom(Duration patience) {
    if (isFull) {
      refusals.incrementAndGet();
      throw new StoreException(StoreException.Reason.FULL, "full, as the test wants it");
    }
    store.awaitRoom(patience);
  }

  @Override
  public void awaitDurable(long seq) {
    beforeDurable.run();
    store.awaitDurable(seq);
  }

  @Override
  public Owned owned() {
    return store.owned();
  }

  @Override
  public RecoveryReport recovery() {
    return store.recovery();
  }

  @Override
  public EntrySource entries() {
    return store.entries();
  }

  @Override
  public Snapshot snapshot() {
    return store.snapshot();
  }

  @Override
  public KeyNames names() {
    return store.names();
  }

  @Override
  public long appended() {
    return store.appended();
  }

  @Override
  public long durable() {
    return store.durable();
  }

  @Override
  public void commit(Owned owned, Commit commit) {
    store.commit(owned, commit);
    isFull |= commitsUntilFull.decrementAndGet() == 0;
  }

  @Override
  public CompletableFuture<Void> whenDurable(long seq) {
    return store.whenDurable(seq);
  }

  @Override
  public StoreStats stats() {
    return store.stats();
  }

  @Override
  public void close() {
    store.close();
  }
}
