package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.NO_MARKS;
import static dev.torpor.store.file.StateFolder.SMALL;
import static dev.torpor.store.file.StateFolder.appended;
import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static dev.torpor.store.file.StateFolder.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Fault;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.state.Change;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lives of a store on a disk that fails now and then, each of which must find what the last left.
 */
class CheckpointStormTest {
  private static final int LIVES = 12;
  private static final Fault NONE = (operation, file) -> {};
  private static final List<String> AGENTS = List.of("alice", "bob", "carol");

  private final FaultyDisk disk = new FaultyDisk(NONE);

  /** What the store held behind each commit, by its number. */
  private final List<List<Entry>> states = new ArrayList<>(List.of(List.of()));

  private long acknowledged;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsLostOrComesBack(int seed, @TempDir Path path) throws Exception {
    Random random = new Random(seed);
    for (int life = 0; life < LIVES; life++) {
      disk.setFault(random.nextInt(3) == 0 ? failing(random, 60) : NONE);
      FileStore store;
      try {
        store = open(path.resolve("state"), random);
      } catch (StoreException e) {
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(StoreException.Reason.UNUSABLE);
        disk.setFault(NONE);
        store = open(path.resolve("state"), random);
      }
      try {
        assertFound(store, "seed %d, life %d".formatted(seed, life));
        disk.setFault(NONE);
        live(store, random);
      } finally {
        if (random.nextBoolean()) {
          disk.setFault(
              (operation, file) -> {
                throw new IOException("the machine is off");
              });
        }
        store.close();
      }
    }
    disk.setFault(NONE);
    try (FileStore store = open(path.resolve("state"), random)) {
      assertFound(store, "seed %d".formatted(seed));
    }
  }

  private void assertFound(FileStore store, String when) {
    int found = (int) store.appended();
    assertThat(found).as(when).isBetween((int) acknowledged, states.size() - 1);
    assertThat(entries(store)).as(when).isEqualTo(states.get(found));
    assertThat(store.recovery().damaged()).as(when).isEmpty();
    states.subList(found + 1, states.size()).clear();
    acknowledged = found;
  }

  private FileStore open(Path folder, Random random) {
    return FileStore.open(
        disk,
        folder,
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        random.nextBoolean() ? SMALL : NO_MARKS,
        random.nextInt(4) == 0 ? null : PackOptions.every(Duration.ofMillis(5)));
  }

  private void live(FileStore store, Random random) {
    if (random.nextBoolean()) {
      store.begin();
    }
    try {
      for (int i = random.nextInt(60); i >= 0; i--) {
        switch (random.nextInt(12)) {
          case 0, 1 -> checkpoint(store);
          case 2 -> merge(store);
          case 3 -> disk.setFault(failing(random, 10));
          case 4, 5 -> disk.setFault(NONE);
          default -> {
            long seq = commit(store, changes(store, random));
            states.add(entries(store));
            if (random.nextInt(3) == 0) {
              store.awaitDurable(seq);
              acknowledged = seq;
            }
          }
        }
      }
    } catch (StoreException e) {
      assertThat(e.reason())
          .as(e.getMessage())
          .isIn(
              StoreException.Reason.FULL,
              StoreException.Reason.READ_ONLY,
              StoreException.Reason.OUTCOME_UNKNOWN);
    }
  }

  private static void checkpoint(FileStore store) {
    try {
      store.checkpoint();
    } catch (StoreException e) {
      assertThat(e.reason())
          .as(e.getMessage())
          .isIn(
              StoreException.Reason.FULL,
              StoreException.Reason.READ_ONLY,
              StoreException.Reason.UNUSABLE);
    }
  }

  private static void merge(FileStore store) {
    Upkeep upkeep = store.takesCheckpoints() ? store.upkeep() : null;
    try {
      if (upkeep != null) {
        upkeep.merge();
      }
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?s).*(No space|Input/output|leftovers|is there).*");
    }
  }

  private static Fault failing(Random random, int often) {
    AtomicInteger left = new AtomicInteger(1 + random.nextInt(often));
    String how = random.nextBoolean() ? "No space left on device" : "Input/output error";
    boolean journalToo = random.nextInt(4) == 0;
    return (operation, file) -> {
      boolean spared = !journalToo && file.toString().contains("journal");
      if (!spared && operation != Operation.WRITE_DURABLY && left.getAndDecrement() <= 0) {
        throw new IOException(how);
      }
    };
  }

  private static Change[] changes(FileStore store, Random random) {
    String agent = AGENTS.get(random.nextInt(AGENTS.size()));
    Entry session = LoadingSource.of(store).get(Keys.session(agent));
    if (session == null) {
      Entry deleted = LoadingSource.of(store).get(Keys.deleted(agent));
      long version = deleted == null ? 0 : ((Deleted) deleted.value()).version();
      return new Change[] {
        version == 0
            ? created(agent)
            : new Change.AgentCreated(
                agent, version + 1, agent, "echo", Map.of(), List.of(), Map.of(), true)
      };
    }
    Session now = (Session) session.value();
    long next = now.version() + 1;
    Change message = appended(agent, next, now.messages(), "x".repeat(random.nextInt(1500)));
    String key = "k/%~ü" + random.nextInt(4);
    return switch (random.nextInt(8)) {
      case 0 -> new Change[] {new Change.AgentDeleted(agent, next)};
      case 1 -> new Change[] {message, new Change.AgentDeleted(agent, next + 1)};
      case 2, 3 -> new Change[] {new Change.MemoryPut(agent, next, key, random.nextInt())};
      case 4 -> new Change[] {new Change.MemoryRemoved(agent, next, key)};
      case 5 ->
          new Change[] {
            message,
            new Change.AgentDeleted(agent, next + 1),
            new Change.AgentCreated(
                agent, next + 2, agent, "echo", Map.of(), List.of(), Map.of(), true),
            new Change.MemoryPut(agent, next + 3, key, 1.5)
          };
      default -> new Change[] {message};
    };
  }
}
