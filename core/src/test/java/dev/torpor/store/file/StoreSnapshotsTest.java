package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.RandomRequests;
import dev.torpor.state.World;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.document.Comparison;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.DocumentSource;
import dev.torpor.store.file.document.Snapshot;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots, and the documents that follow from them, held against a world in plain memory. */
class StoreSnapshotsTest {
  private static final DocumentOptions EAGER =
      new DocumentOptions(Duration.ofMillis(1), 1_000_000, 1L << 40, Duration.ofSeconds(10));

  private static final JournalOptions LINES_OF_IMPORTS =
      new JournalOptions(1 << 20, 256 << 10, 2, Duration.ofMillis(50));

  @TempDir private Path path;
  private final World world = new World();
  private int told;

  /** A snapshot that is held, what it must show for as long as it is, and what it may show. */
  private record Held(String owner, Snapshot snapshot, List<Entry> expected, Set<String> removed) {}

  private FileStore open(long memory) {
    return FileStore.open(
        Disk.real(),
        path.resolve("state"),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        LINES_OF_IMPORTS,
        new PackOptions(Duration.ofHours(1), 1L << 40, memory),
        EAGER);
  }

  private void commit(FileStore store) {
    for (; told < world.commits.size(); told++) {
      Commit commit = world.commits.get(told);
      while (!store.hasRoom()) {
        store.awaitRoom(Duration.ofSeconds(10));
      }
      store.commit(store.owned(), commit);
    }
  }

  private List<Entry> expected(String owner) {
    List<Entry> entries = new ArrayList<>();
    world.table.scan(owner.isEmpty() ? "" : owner + "/").forEachRemaining(entries::add);
    return entries;
  }

  private static List<Entry> read(String owner, Snapshot snapshot) throws IOException {
    List<Entry> entries = new ArrayList<>();
    snapshot.scan(owner.isEmpty() ? "" : owner + "/").forEachRemaining(entries::add);
    return entries;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aSnapshotShowsOneCommitForAsLongAsItIsHeld(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> owners = new ArrayList<>(RandomRequests.AGENTS);
    owners.addAll(List.of("user", "~id", "~event", "~deleted", ""));
    List<Held> held = new ArrayList<>();
    FileStore store = open(20_000);
    for (int i = 0; i < 500; i++) {
      RandomRequests.act(world, random);
      commit(store);
      switch (random.nextInt(12)) {
        case 0 -> store.checkpoint();
        case 1 -> store.upkeep().merge();
        case 2, 3, 4 -> {
          String owner = owners.get(random.nextInt(owners.size()));
          Snapshot snapshot = owner.isEmpty() ? source(store).ofStore() : source(store).of(owner);
          assertThat(snapshot.seq()).isEqualTo(world.seq());
          assertThat(store.durable()).isGreaterThanOrEqualTo(snapshot.seq());
          List<Entry> expected = expected(owner);
          Set<String> removed = new HashSet<>();
          expected.stream().filter(this::countsAsRemoved).forEach(e -> removed.add(e.key()));
          expected.removeIf(this::countsAsRemoved);
          held.add(new Held(owner, snapshot, expected, removed));
        }
        case 5 -> {
          if (!held.isEmpty()) {
            check(held.remove(random.nextInt(held.size())));
          }
        }
        case 6 -> {
          long since = random.nextLong(world.seq() + 1);
          assertThat(changed(store, since)).containsAll(expectedChanged(since));
        }
        default -> {}
      }
    }
    for (Held each : held) {
      check(each);
    }
    store.close();
  }

  /** Of this a merge may drop what it likes; it is read nowhere as it stands. */
  private boolean countsAsRemoved(Entry entry) {
    String key = entry.key();
    if (key.startsWith(Keys.REMEMBERED)) {
      return true; // all of them expired long ago
    }
    boolean isById =
        Stream.of("~mail/", "~task/", "~tasks/", "~thread/", "~undeliverable/")
            .anyMatch(key::startsWith);
    Entry deleted = isById ? world.table.get(Keys.deleted((String) entry.value())) : null;
    return deleted != null && deleted.seq() >= entry.seq();
  }

  private static DocumentSource source(FileStore store) {
    return store.snapshots();
  }

  private static void check(Held held) throws IOException {
    try (Snapshot snapshot = held.snapshot()) {
      List<Entry> read = read(held.owner(), snapshot);
      read.removeIf(entry -> held.removed().contains(entry.key()));
      assertThat(read).isEqualTo(held.expected());
      for (Entry entry : held.expected()) {
        assertThat(snapshot.get(entry.key())).isEqualTo(entry);
      }
      assertThat(snapshot.get(held.owner() + "/none")).isNull();
    }
  }

  private static TreeSet<String> changed(FileStore store, long since) throws IOException {
    TreeSet<String> ids = new TreeSet<>();
    try (DocumentSource.Ids changed = source(store).changedSince(since)) {
      for (String id = changed.next(); id != null; id = changed.next()) {
        ids.add(id);
      }
    }
    return ids;
  }

  private List<String> expectedChanged(long since) {
    List<String> agents = new ArrayList<>(RandomRequests.AGENTS);
    agents.removeIf(
        agent -> {
          Entry session = world.table.get(Keys.session(agent));
          Entry deleted = world.table.get(Keys.deleted(agent));
          return (session == null || session.seq() <= since)
              && (deleted == null || deleted.seq() <= since);
        });
    return agents;
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void documentsShowWhatIsSoOverCheckpointsMergesAndLives(long seed) throws Exception {
    Random random = new Random(seed);
    FileStore store = open(20_000);
    store.begin();
    for (int i = 0; i < 600; i++) {
      RandomRequests.act(world, random);
      commit(store);
      switch (random.nextInt(40)) {
        case 0 -> {
          store.checkpoint();
          checkDocuments(store);
        }
        case 1 -> store.upkeep().merge();
        case 2 -> {
          store.close();
          store = open(20_000);
          if (random.nextBoolean()) {
            store.begin(); // else it is only read, and projects nothing until the next life
          }
        }
        default -> {}
      }
    }
    store.close();
    store = open(20_000);
    store.begin();
    store.checkpoint();
    checkDocuments(store);
    store.close();
  }

  private void checkDocuments(FileStore store) throws IOException {
    for (String agent : List.of("alice", "bob", "carl", "user")) {
      assertThat(store.documents().compare(agent))
          .as(agent)
          .isEqualTo(new Comparison(Comparison.Result.EQUAL, List.of()));
    }
  }
}
