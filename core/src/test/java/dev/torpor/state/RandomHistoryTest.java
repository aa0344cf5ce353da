package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.Terms;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.MemoryTable;
import dev.torpor.store.file.PackOptions;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long random histories; what must hold is held against each commit, and at their end. */
class RandomHistoryTest {
  private static final int REQUESTS = 150;

  @Property(tries = 4, shrinking = net.jqwik.api.ShrinkingMode.OFF)
  void whateverIsAskedTheInvariantsHoldAndTheChangesTellItAll(@ForAll long seed) throws Exception {
    history(seed);
  }

  /** Else what is held above would be held of some kinds of change only. */
  @Test
  void everyKindOfChangeComesUpInSomeHistory(@TempDir Path folder) throws Exception {
    Set<Class<?>> missing = SerializedStateTest.changes().collect(Collectors.toSet());
    missing.remove(Change.AgentDamaged.class); // comes of no request, but of damage
    missing.remove(Change.DeliveryKept.class);
    missing.remove(Change.DeliveryTaken.class);
    missing.remove(Change.RestoreBegun.class);
    for (int seed = 0; seed < 40 && !missing.isEmpty(); seed++) {
      World world = history(seed);
      boolean isNews = false;
      for (Commit commit : world.commits) {
        for (Change change : commit.changes()) {
          isNews |= missing.remove(change.getClass());
        }
      }
      if (isNews) {
        checkStored(world, folder.resolve("state" + seed));
      }
    }
    assertThat(missing).isEmpty();
  }

  /**
   * What a file store reads back, from its journal and from packs, is the state that was built
   * directly.
   */
  private static void checkStored(World world, Path folder) {
    Random random = new Random(world.commits.size());
    FileStore store = open(folder);
    try {
      for (Commit commit : world.commits) {
        store.commit(store.owned(), commit);
        if (random.nextInt(10) == 0) {
          store.checkpoint();
        }
        if (random.nextInt(40) == 0) {
          store.close();
          store = open(folder);
        }
      }
      assertThat(entries(store)).isEqualTo(FoldTest.entries(world.table));
    } finally {
      store.close();
    }
    try (FileStore again = open(folder)) {
      assertThat(entries(again)).isEqualTo(FoldTest.entries(world.table));
      assertThat(again.recovery().damaged()).isEmpty();
    }
  }

  private static FileStore open(Path folder) {
    return FileStore.open(
        folder,
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        Clock.systemUTC(),
        PackOptions.every(Duration.ofHours(1)));
  }

  private static List<Entry> entries(FileStore store) {
    List<Entry> entries = new ArrayList<>();
    LoadingSource.of(store).scan("").forEachRemaining(entries::add);
    return entries;
  }

  private static World history(long seed) throws Exception {
    World world = new World();
    world.limits = new Limits(128, 1000, 64, 1000, 32, 5, 4, 1000, 2);
    Random random = new Random(seed);
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      int commits = world.commits.size();
      RandomRequests.act(world, random);
      assertThat(world.fold.take()).isEmpty();
      for (Commit commit : world.commits.subList(commits, world.commits.size())) {
        checkVersions(commit, versions);
      }
      for (String agent : RandomRequests.AGENTS) {
        AgentSnapshot snapshot = AgentSnapshot.of(agent, world.table);
        if (snapshot != null) {
          assertThat(Invariants.broken(snapshot)).isEmpty();
        }
      }
    }
    checkIndexes(world.table);
    FoldTest.entries(world.table)
        .forEach(
            entry ->
                assertThat(Keys.valueType(entry.key()))
                    .as(entry.key())
                    .isEqualTo(entry.value().getClass()));
    checkRefold(world);
    checkSerialized(world);
    return world;
  }

  private static void checkVersions(Commit commit, Map<String, Long> versions) {
    for (Change change : commit.changes()) {
      if (change instanceof Change.OfAgent c && !c.agent().equals(Session.USER)) {
        assertThat(c.version()).isEqualTo(versions.getOrDefault(c.agent(), 0L) + 1);
        versions.put(c.agent(), c.version());
      }
      if (change instanceof Change.AgentImported c) {
        assertThat(c.version()).isGreaterThan(versions.getOrDefault(c.agent(), 0L));
        versions.put(c.agent(), c.version());
      }
    }
  }

  /** Every index line that follows from an entry is there; others lead to what is gone. */
  private static void checkIndexes(MemoryTable table) {
    Set<Indexes.Line> computed = new HashSet<>();
    Set<Indexes.Line> found = new HashSet<>();
    for (Entry entry : FoldTest.entries(table)) {
      if (entry.value() instanceof String value) {
        found.add(new Indexes.Line(entry.key(), value));
      } else {
        computed.addAll(Indexes.of(entry.key(), entry.value(), KeyNames.PERCENT_ENCODED));
      }
    }
    assertThat(found).containsAll(computed);
    found.removeAll(computed);
    assertThat(found)
        .allSatisfy(
            line -> {
              String id = Keys.last(line.key());
              assertThat(table.get(Keys.task(line.value(), id))).isNull();
              assertThat(table.get(Keys.mail(line.value(), id))).isNull();
              assertThat(line.key()).doesNotStartWith("~due").doesNotStartWith("~wakes");
            });
  }

  /** The recorded changes, folded again, make the same entries. */
  private static void checkRefold(World world) {
    MemoryTable again = new MemoryTable();
    Fold fold = new Fold(again, KeyNames.PERCENT_ENCODED);
    for (Commit commit : world.commits) {
      commit.changes().forEach(change -> fold.apply(change, commit.stamp()));
      List<EntryWrite> writes = fold.take();
      assertThat(writes).isEqualTo(commit.writes());
      again.apply(writes, commit.stamp().seq());
    }
    assertThat(FoldTest.entries(again)).isEqualTo(FoldTest.entries(world.table));
  }

  private static void checkSerialized(World world) throws Exception {
    JsonStateSerializer json = new JsonStateSerializer();
    for (Commit commit : world.commits) {
      for (Change change : commit.changes()) {
        assertThat(read(json, Change.class, write(json, change))).isEqualTo(change);
      }
    }
    for (Entry entry : FoldTest.entries(world.table)) {
      assertThat((Object) read(json, entry.value().getClass(), write(json, entry.value())))
          .isEqualTo(entry.value());
    }
    for (String agent : RandomRequests.AGENTS) {
      AgentState state = world.fold.agent(agent);
      if (state != null) {
        AgentView view = AgentView.of(state);
        Object answer = JsonStateSerializer.toJson(view);
        assertThat(JsonStateSerializer.fromJson(answer, AgentView.class)).isEqualTo(view);
      }
    }
    assertThat(Terms.NONE.idempotencyKey()).isNull();
  }

  private static byte[] write(JsonStateSerializer json, Object value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    json.write(value, out);
    return out.toByteArray();
  }

  private static <T> T read(JsonStateSerializer json, Class<T> type, byte[] bytes) {
    return json.read(type, bytes, 0, bytes.length);
  }
}
