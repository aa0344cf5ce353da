package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Draft;
import dev.torpor.rules.Refusal;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.RandomRequests;
import dev.torpor.state.Stamp;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.World;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.Merge;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.RunStack;
import dev.torpor.store.file.pack.SortedRun;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random histories in packs that are merged at random: whatever is asked is answered the same. */
class MergesChangeNoAnswerTest {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int REQUESTS = 400;

  private final JsonStateSerializer serializer = new JsonStateSerializer();
  private final World world = new World();
  private Random random = new Random(0);
  private int dropped;
  private static int erased;

  /** Sorted entries as a pack has them, in memory. */
  private record Run(List<PackEntry> entries) implements SortedRun {
    @Override
    public @Nullable PackEntry get(String key) {
      PackEntry found = null;
      for (PackEntry entry : entries) {
        if (entry.key().equals(key)) {
          return entry;
        }
        if (entry.removesPrefix() && key.startsWith(entry.key())) {
          found = PackEntry.remove(key, 0, entry.seq());
        }
      }
      return found;
    }

    @Override
    public EntryCursor scan(String prefix, String from) {
      String start = from.compareTo(prefix) < 0 ? prefix : from;
      Iterator<PackEntry> found =
          entries.stream()
              .filter(
                  entry ->
                      entry.key().compareTo(start) < 0
                          ? entry.removesPrefix() && start.startsWith(entry.key())
                          : entry.key().startsWith(prefix))
              .iterator();
      return () -> found.hasNext() ? found.next() : null;
    }
  }

  @RepeatedTest(30)
  void whateverIsAskedIsAnsweredTheSame(RepetitionInfo repetition) throws Exception {
    random = new Random(repetition.getCurrentRepetition());
    List<SortedRun> newestFirst = new ArrayList<>();
    int packed = 0;
    for (int i = 0; i < REQUESTS; i++) {
      act();
      if (random.nextInt(30) == 0 || i == REQUESTS - 1) {
        newestFirst.addFirst(pack(world.commits.subList(packed, world.commits.size())));
        packed = world.commits.size();
        Map<String, Object> before = answers(newestFirst);
        int from = random.nextInt(newestFirst.size());
        int to = from + 1 + random.nextInt(newestFirst.size() - from);
        SortedRun merged = merged(newestFirst.subList(from, to), to == newestFirst.size());
        newestFirst.subList(from, to).clear();
        newestFirst.add(from, merged);
        assertThat(answers(newestFirst)).isEqualTo(before);
      }
    }
    assertThat(dropped).as("what merges dropped").isPositive();
  }

  @AfterAll
  static void answersWereErasedToo() {
    assertThat(erased).isPositive();
  }

  private void act() {
    RandomRequests.act(world, random);
    if (random.nextInt(10) == 0) {
      world.pass(Duration.ofHours(random.nextInt(8)));
    }
    if (random.nextInt(5) == 0) {
      String agent = RandomRequests.AGENTS.get(random.nextInt(3));
      String key = "key " + random.nextInt(20);
      world.decide(
          draft -> {
            if (told(draft, agent, key).equals("null")) {
              draft.emit(
                  new Change.RequestRemembered(
                      "put_memory", agent, key, "d", Map.of("said", random.nextInt())));
            }
            return true;
          });
    }
  }

  /** What commits wrote, as a checkpoint packs it. */
  private SortedRun pack(List<Commit> commits) throws IOException {
    long before = commits.isEmpty() ? world.seq() : commits.getFirst().stamp().seq() - 1;
    MemoryTable table = new MemoryTable(before, Long.MAX_VALUE);
    commits.forEach(commit -> table.apply(commit.writes(), commit.stamp().seq()));
    return new Run(all(new CutCursor(table.cut(world.seq()).inOrder(), serializer)));
  }

  private static List<PackEntry> all(EntryCursor cursor) throws IOException {
    List<PackEntry> all = new ArrayList<>();
    for (PackEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      all.add(entry);
    }
    return all;
  }

  private SortedRun merged(List<SortedRun> newestFirst, boolean nothingOlder) throws IOException {
    List<EntryCursor> cursors = new ArrayList<>();
    for (SortedRun run : newestFirst) {
      cursors.add(run.scan("", ""));
    }
    Outdated outdated = new Outdated(serializer, world.now, KEPT, 0, 0);
    Merge.Keeper counting =
        entry -> {
          PackEntry kept = outdated.kept(entry);
          dropped += kept == null ? 1 : 0;
          erased += kept != null && kept != entry ? 1 : 0;
          return kept;
        };
    return new Run(all(new Merge(cursors, nothingOlder, counting)));
  }

  /** All that somebody may ask, of all that ever was. */
  private Map<String, Object> answers(List<SortedRun> newestFirst) {
    TailView source = new TailView(new RunStack(newestFirst), serializer, _ -> {});
    Fold fold = new Fold(source, KeyNames.PERCENT_ENCODED);
    Map<String, Object> answers = new TreeMap<>();
    for (String agent : RandomRequests.AGENTS) {
      answers.put(agent, "" + AgentSnapshot.of(agent, source));
      for (int i = 0; i < 20; i++) {
        String key = "key " + i;
        answers.put(agent + " " + key, told(fold, draft -> "" + remembered(draft, agent, key)));
      }
    }
    for (String id : ids(Keys.TASKS)) {
      Request<?> cancel = new Request.CancelTask(id, null);
      answers.put("cancel " + id, told(fold, draft -> Rules.decide(draft, cancel, Terms.NONE)));
      answers.put("task " + id, "" + task(fold, id));
    }
    for (String id : ids(Keys.MAIL)) {
      Request<?> reply = new Request.ReplyToMail(id, null, "body");
      answers.put("reply " + id, told(fold, draft -> Rules.decide(draft, reply, Terms.NONE)));
      answers.put("mail " + id, "" + fold.owner(Keys.anyMail(id)));
    }
    for (TaskStatus status : TaskStatus.values()) {
      List<String> listed = new ArrayList<>();
      for (Iterator<Entry> i = fold.scan(Keys.tasks(status)); i.hasNext(); ) {
        Task task = task(fold, Keys.last(i.next().key()));
        if (task != null && task.status() == status) {
          listed.add(task.taskId());
        }
      }
      answers.put("tasks " + status, listed);
    }
    return answers;
  }

  private static @Nullable Task task(Fold fold, String id) {
    String owner = fold.owner(Keys.anyTask(id));
    return owner == null || fold.agent(owner) == null
        ? null
        : (Task) fold.value(Keys.task(owner, id));
  }

  private TreeSet<String> ids(String index) {
    TreeSet<String> ids = new TreeSet<>();
    for (Commit commit : world.commits) {
      for (EntryWrite write : commit.writes()) {
        if (write.key().startsWith(index)) {
          ids.add(Keys.last(write.key()));
        }
      }
    }
    return ids;
  }

  private static @Nullable Object remembered(Draft draft, String agent, String key) {
    return Rules.remembered(draft, "put_memory", agent, key, "d", KEPT);
  }

  private static String told(Draft draft, String agent, String key) {
    try {
      return "" + remembered(draft, agent, key);
    } catch (Refusal refusal) {
      return refusal.reason();
    }
  }

  private interface Rule {
    @Nullable Object apply(Draft draft);
  }

  /** What a rule says, or why it refuses; it changes nothing. */
  private String told(Fold fold, Rule rule) {
    Stamp stamp = new Stamp(world.seq() + 1, world.now);
    try {
      return "" + rule.apply(new Draft(fold, stamp, world.limits, () -> "new"));
    } catch (Refusal refusal) {
      return refusal.reason() + ": " + refusal.getMessage();
    } finally {
      fold.undo();
    }
  }
}
