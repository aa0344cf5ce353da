package dev.torpor.state;

import dev.torpor.rules.Draft;
import dev.torpor.rules.EventRules;
import dev.torpor.rules.Refusal;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.rules.TurnRules;
import dev.torpor.store.Commit;
import dev.torpor.store.file.MemoryTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Agents in memory under a clock that is set by hand: rules decide, and it becomes true at once.
 */
public final class World {
  public final MemoryTable table = new MemoryTable();
  public final Fold fold = new Fold(table, KeyNames.PERCENT_ENCODED);
  public final List<Commit> commits = new ArrayList<>();
  public Instant now = Instant.parse("2026-01-01T00:00:00Z");
  public Limits limits = Limits.DEFAULT;

  /** The changes of the last decision. */
  public List<Change> last = List.of();

  private long seq;
  private int ids;

  public World() {
    decide(
        draft -> {
          Rules.prepare(draft);
          return true;
        });
  }

  public long seq() {
    return seq;
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  public Draft draft() {
    return new Draft(fold, new Stamp(seq + 1, now), limits, () -> "id-%07d".formatted(++ids));
  }

  /** Decides; what a rule that throws has changed is undone. */
  public <T> T decide(Function<Draft, T> rule) {
    Draft draft = draft();
    try {
      T answer = rule.apply(draft);
      last = List.copyOf(draft.changes());
      if (!last.isEmpty()) {
        List<EntryWrite> writes = fold.take();
        seq++;
        commits.add(new Commit(draft.stamp(), last, writes));
        table.apply(writes, seq);
      }
      return answer;
    } finally {
      fold.undo();
    }
  }

  public <R> R ask(Request<R> request) {
    return ask(request, Terms.NONE);
  }

  public <R> R ask(Request<R> request, Terms terms) {
    return decide(draft -> Rules.decide(draft, request, terms));
  }

  /** Why a request is refused; it must be, and must change nothing. */
  public Refusal refusal(Request<?> request) {
    return refusal(request, Terms.NONE);
  }

  public Refusal refusal(Request<?> request, Terms terms) {
    long before = seq;
    try {
      ask(request, terms);
    } catch (Refusal refusal) {
      if (seq != before || !fold.take().isEmpty()) {
        throw new AssertionError("refused, and yet something changed");
      }
      return refusal;
    }
    throw new AssertionError("not refused: " + request);
  }

  public static Request.CreateAgent creation(String id) {
    return new Request.CreateAgent(id, null, "echo", Map.of(), List.of(), Map.of(), true);
  }

  public void create(String... agents) {
    for (String id : agents) {
      ask(creation(id));
    }
  }

  public Task submit(String id) {
    return ask(new Request.SubmitTask(id, TaskSpec.of("do it")));
  }

  /** Begins the next turn; null when none can run. */
  public Task start(String id) {
    return decide(draft -> TurnRules.start(draft, id));
  }

  public boolean step(Task turn, String name, Object result) {
    return decide(draft -> TurnRules.finishStep(draft, turn, name, result));
  }

  /** Records a broadcast; gives its sequence number. */
  public long record(String event, Object data) {
    decide(
        draft -> {
          EventRules.record(draft, event, data, null);
          return true;
        });
    return seq;
  }

  /** Broadcasts an event to everybody, a commit for each portion. */
  public Broadcast broadcast(String event, Object data) {
    long broadcast = record(event, data);
    String from = "";
    while (from != null) {
      String key = from;
      from = decide(draft -> EventRules.deliver(draft, broadcast, key, EventRules.PORTION));
    }
    return decide(draft -> EventRules.end(draft, broadcast, b -> b.woken()));
  }

  public boolean finish(Task turn) {
    return finish(turn, null);
  }

  public boolean finish(Task turn, SleepDraft sleep) {
    return end(turn, sleep, new TurnRules.Outcome.Completed("done"));
  }

  public boolean end(Task turn, SleepDraft sleep, TurnRules.Outcome outcome) {
    return decide(draft -> TurnRules.finish(draft, turn, List.of(), sleep, outcome));
  }

  public AgentState agent(String id) {
    return Objects.requireNonNull(fold.agent(id));
  }

  public AgentStatus status(String id) {
    return agent(id).session().status();
  }

  public Task task(Task task) {
    return Objects.requireNonNull(agent(task.agentId()).task(task.taskId()));
  }

  /** The kinds of the last decision's changes. */
  public List<String> kinds() {
    return last.stream().map(change -> change.getClass().getSimpleName()).toList();
  }

  /** What waits for an event, with nothing else said. */
  public static SleepDraft until(String... events) {
    return new SleepDraft(null, null, List.of(events), null, false);
  }

  /** Brings an agent into a status in which a task of it waits, which no rule does yet. */
  public void letWait(String id) {
    Task task = submit(id);
    Task waiting =
        new Task(
            task.taskId(),
            id,
            task.type(),
            task.prompt(),
            null,
            task.priority(),
            TaskStatus.WAITING,
            1,
            1,
            0,
            task.submittedAt(),
            null,
            null,
            now,
            null,
            null,
            null,
            task.order(),
            0,
            0,
            0);
    Session.Edit edit = agent(id).session().edit();
    edit.status = AgentStatus.WAITING;
    edit.tasks = edit.tasks.plus(TaskStatus.PENDING, -1).plus(TaskStatus.WAITING, 1);
    fold.put(Keys.task(id, task.taskId()), edit.version, waiting);
    fold.put(Keys.session(id), edit.version, edit.done());
    table.apply(fold.take(), seq);
  }
}
