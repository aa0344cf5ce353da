package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.Draft;
import dev.torpor.rules.EventRules;
import dev.torpor.rules.ImportRules;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Refusal;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.rules.TurnRules;
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
  private static final List<String> AGENTS = List.of("alice", "bob", "carl");
  private static final int REQUESTS = 150;

  @Property(tries = 4, shrinking = net.jqwik.api.ShrinkingMode.OFF)
  void whateverIsAskedTheInvariantsHoldAndTheChangesTellItAll(@ForAll long seed) throws Exception {
    history(seed);
  }

  /** Else what is held above would be held of some kinds of change only. */
  @Test
  void everyKindOfChangeComesUpInSomeHistory(@TempDir Path folder) throws Exception {
    Set<Class<?>> missing = SerializedStateTest.changes().collect(Collectors.toSet());
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
    world.limits = new Limits(128, 1000, 64, 1000, 32, 5, 4, 2);
    Random random = new Random(seed);
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < REQUESTS; i++) {
      int commits = world.commits.size();
      act(world, random);
      assertThat(world.fold.take()).isEmpty();
      for (Commit commit : world.commits.subList(commits, world.commits.size())) {
        checkVersions(commit, versions);
      }
      for (String agent : AGENTS) {
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

  private static void act(World world, Random random) {
    String a = AGENTS.get(random.nextInt(AGENTS.size()));
    String b = random.nextInt(8) == 0 ? "user" : AGENTS.get(random.nextInt(AGENTS.size()));
    try {
      switch (random.nextInt(28)) {
        case 0, 1, 2 -> world.ask(World.creation(a));
        case 3 -> world.ask(new Request.DeleteAgent(random.nextInt(4) == 0 ? a : "none"));
        case 4, 5, 6 ->
            world.ask(
                new Request.SubmitTask(
                    a,
                    TaskSpec.of("p")
                        .priority(Priority.values()[random.nextInt(4)])
                        .maxAttempts(1 + random.nextInt(2))
                        .notBefore(random.nextInt(3) == 0 ? world.now.plusSeconds(2) : null)));
        case 7, 8, 9 -> world.start(a);
        case 10, 11, 12, 13 -> turn(world, random, a, b);
        case 14 -> world.ask(new Request.PutToSleep(a, sleep(random)));
        case 15 -> world.ask(new Request.WakeAgent(a, null));
        case 16 -> world.ask(new Request.StopAgent(a));
        case 17 -> world.ask(new Request.StartAgent(a));
        case 18, 19 ->
            world.ask(
                new Request.SendMail(
                    MailDraft.of(a, b, "s", "b")
                        .priority(Priority.values()[random.nextInt(4)])
                        .expectsReply(random.nextBoolean(), null)));
        case 20 -> mail(world, random, b);
        case 21 -> world.broadcast(random.nextBoolean() ? "go" : "stay", random.nextInt());
        case 22 -> {
          world.ask(new Request.PutMemory(a, "k" + random.nextInt(3), random.nextInt()));
          world.ask(new Request.RemoveMemory(a, "k" + random.nextInt(3)));
        }
        case 23 -> {
          world.pass(Duration.ofSeconds(random.nextInt(3)));
          List<String> due = new ArrayList<>();
          world.table.scan(Keys.DUE).forEachRemaining(line -> due.add(line.key()));
          due.forEach(key -> world.decide(draft -> Rules.due(draft, key)));
        }
        case 24 ->
            world.decide(
                draft -> {
                  Rules.recover(draft, a);
                  return true;
                });
        case 26 -> move(world, random, a);
        case 25 -> broadcastUnderKey(world, "key/ü " + random.nextInt(3), random.nextInt(2));
        default -> cancel(world, random, a);
      }
    } catch (Refusal expected) {
      // it changed nothing, which is checked
    }
  }

  /** Recorded, and perhaps not yet over when the next thing happens. */
  private static void broadcastUnderKey(World world, String key, int data) {
    var request = new Broadcast.Request("broadcast", "", key, "digest of " + data);
    long seq = world.decide(draft -> EventRules.record(draft, "go", data, request));
    if (seq < world.seq()) { // it was on its way already
      world.decide(draft -> String.valueOf(EventRules.deliver(draft, seq, "", 2)));
      world.<Broadcast>decide(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson));
    }
  }

  /** An agent goes, and comes again as it was, at once or in portions, or comes to nothing. */
  private static void move(World world, Random random, String a) {
    AgentState agent = world.fold.agent(a);
    if (agent == null) {
      return;
    }
    Session session = agent.session();
    boolean atOnce = random.nextBoolean();
    List<ImportedEntry> entries = new ArrayList<>();
    List<ImportedEntry> ofStore = new ArrayList<>();
    for (Entry entry : FoldTest.entries(world.table)) {
      Object value = entry.value();
      if (value instanceof Event || value instanceof Deleted || value instanceof Remembered) {
        ofStore.add(new ImportedEntry(entry.key(), 0, value));
      } else if (entry.key().startsWith(Keys.agent(a))
          && !(value instanceof String || value instanceof Session)) {
        entries.add(new ImportedEntry(entry.key(), entry.version(), value));
      }
    }
    if (!atOnce || random.nextBoolean()) {
      world.ask(new Request.DeleteAgent(a));
    }
    ImportRules.check(world.fold, session, entries, true, atOnce, world.limits);
    if (atOnce) {
      world.decide(draft -> imported(draft, session, entries));
    } else {
      int half = entries.size() / 2;
      world.decide(draft -> begun(draft, a, entries.subList(0, half)));
      if (random.nextInt(3) == 0) {
        assertThat(ImportRules.cutOff(world.fold)).containsExactly(a);
        assertThat(world.fold.agent(a)).isNull();
        world.decide(
            draft -> {
              ImportRules.drop(draft, a);
              return true;
            });
      } else {
        world.decide(
            draft -> {
              ImportRules.add(draft, a, entries.subList(half, entries.size()));
              ImportRules.end(draft, session, 0);
              return true;
            });
      }
    }
    world.decide(
        draft -> {
          ImportRules.addToStore(draft, ofStore);
          return true;
        });
    assertThat(ImportRules.cutOff(world.fold)).isEmpty();
  }

  private static boolean imported(Draft draft, Session session, List<ImportedEntry> entries) {
    long before = ImportRules.lastVersion(draft, session.agentId());
    begun(draft, session.agentId(), entries);
    ImportRules.end(draft, session, before);
    return true;
  }

  private static boolean begun(Draft draft, String agent, List<ImportedEntry> entries) {
    ImportRules.begin(draft, agent);
    ImportRules.add(draft, agent, entries);
    return true;
  }

  private static void cancel(World world, Random random, String a) {
    AgentState agent = world.fold.agent(a);
    if (agent != null && random.nextInt(3) == 0) {
      List<Task> tasks = AgentSnapshot.of(a, world.table).tasks();
      if (!tasks.isEmpty()) {
        world.ask(new Request.CancelTask(tasks.get(random.nextInt(tasks.size())).taskId(), "no"));
      }
    } else {
      world.ask(new Request.UpdateAgent(a, "n" + random.nextInt(), null, null, null, null));
    }
  }

  private static SleepDraft sleep(Random random) {
    List<String> events =
        List.of("go", "mail_received", "task_submitted", "high_priority_mail", "system_event");
    int from = random.nextInt(events.size());
    return new SleepDraft(
        random.nextBoolean() ? Duration.ofSeconds(random.nextInt(4)) : null,
        null,
        events.subList(from, events.size()),
        null,
        random.nextBoolean());
  }

  private static void turn(World world, Random random, String a, String b) {
    AgentState agent = world.fold.agent(a);
    Task turn = agent == null ? null : agent.running();
    if (turn == null) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> world.step(turn, "s" + random.nextInt(), List.of(1, "x"));
      case 1 -> world.end(turn, null, new TurnRules.Outcome.Failed("e"));
      case 2 -> world.end(turn, null, new TurnRules.Outcome.Suspended());
      default -> {
        List<dev.torpor.rules.Effect> effects =
            List.of(
                new dev.torpor.rules.Effect.Append(Message.user("m")),
                new dev.torpor.rules.Effect.Put("k0", 1),
                new dev.torpor.rules.Effect.Send(
                    List.of("m" + world.seq()), MailDraft.of(a, b, "s", "b")),
                new dev.torpor.rules.Effect.Submit(
                    AGENTS.get(random.nextInt(3)), "t" + world.seq(), TaskSpec.of("p")));
        SleepDraft sleep = random.nextBoolean() ? sleep(random) : null;
        world.decide(
            draft ->
                TurnRules.finish(
                    draft, turn, effects, sleep, new TurnRules.Outcome.Completed("r")));
      }
    }
  }

  private static void mail(World world, Random random, String owner) {
    AgentSnapshot agent = AgentSnapshot.of(owner, world.table);
    if (agent == null || agent.received().isEmpty()) {
      return;
    }
    String id = agent.received().get(random.nextInt(agent.received().size())).messageId();
    switch (random.nextInt(4)) {
      case 0 -> world.ask(new Request.ReplyToMail(id, null, "b"));
      case 1 -> world.ask(new Request.ArchiveMail(id));
      case 2 -> world.ask(new Request.AcknowledgeMail(owner, List.of(id)));
      default -> world.ask(new Request.TakeMail(owner, 2));
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
    for (String agent : AGENTS) {
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
