package dev.torpor.runtime;

import dev.torpor.state.Change;
import dev.torpor.state.EntrySource;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Limits;
import dev.torpor.state.Message;
import dev.torpor.store.Commit;
import dev.torpor.store.Owned;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateStore;
import dev.torpor.store.StoreStats;
import dev.torpor.store.file.MemoryTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The order of concurrent commits is the order of versions: whatever the interleaving of decisions,
 * reads and consultations, their answers are those of one order, one after the other. Lincheck
 * tries the interleavings, switching threads at each access to shared memory.
 */
public class ShardOrderTest {
  private static final String AGENT = "alice";
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private final Shard shard = new Shard(new PlainStore(), CLOCK, Limits.DEFAULT, () -> "id");

  public ShardOrderTest() {
    shard.decide(
        draft -> {
          draft.emit(
              AGENT,
              v ->
                  new Change.AgentCreated(
                      AGENT, v, AGENT, "echo", Map.of(), List.of(), Map.of(), true));
          return true;
        });
  }

  /** Gives the version that the commit made, and the sequence number that it got. */
  @Operation
  public String commit() {
    return shard.decide(
        draft -> {
          draft.emit(AGENT, v -> new Change.MemoryPut(AGENT, v, "k", v));
          return "version " + draft.find(AGENT).version() + ", commit " + draft.stamp().seq();
        });
  }

  /** A commit of another kind, whose answer is a place in a row. */
  @Operation
  public long append() {
    return shard.decide(
        draft -> {
          long index = draft.find(AGENT).session().messages();
          Message message = Message.user("m").placed(index, draft.now(), null);
          draft.emit(AGENT, v -> new Change.MessageAppended(AGENT, v, message));
          return index;
        });
  }

  @Operation
  public String read() {
    return shard.read(
        fold -> {
          var agent = fold.agent(AGENT);
          var item = agent.memory("k");
          return "version " + agent.version() + ", put at " + (item == null ? 0 : item.value());
        });
  }

  @Test
  void theOrderOfConcurrentCommitsIsTheOrderOfVersions() {
    System.setProperty("lincheck.logLevel", "ERROR"); // it warns of each field of a record
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(200)
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .check(ShardOrderTest.class);
  }

  /** A store without a lock of its own, as the contract allows. */
  private static final class PlainStore implements StateStore, Owned {
    private final MemoryTable table = new MemoryTable();
    private long appended;

    @Override
    public int shard() {
      return 0;
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public Owned owned() {
      return this;
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
      throw new UnsupportedOperationException();
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
      return true;
    }

    @Override
    public void awaitRoom(Duration patience) {}

    @Override
    public void commit(Owned owned, Commit commit) {
      if (commit.stamp().seq() != appended + 1) {
        throw new IllegalStateException("commit " + commit.stamp().seq() + " after " + appended);
      }
      appended = commit.stamp().seq();
      table.apply(commit.writes(), appended);
    }

    @Override
    public void awaitDurable(long seq) {}

    @Override
    public CompletableFuture<Void> whenDurable(long seq) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public StoreStats stats() {
      return new StoreStats("plain", table.size(), appended, appended, 0, 0, 0, 0, 0, 0, null);
    }

    @Override
    public void close() {}
  }
}
