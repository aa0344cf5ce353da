package dev.torpor.runtime;

import dev.torpor.rules.Draft;
import dev.torpor.rules.Effect;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.TurnRules;
import dev.torpor.state.AgentState;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Json;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A turn as its code sees it: steps, which are durable when they return, and effects, which wait
 * here until the turn's boundary and are seen by the turn alone until then. Thread-safe, so that
 * steps can run side by side.
 */
public final class TurnRun {
  private final Shard shard;
  private final Task task;
  private final Map<String, Step> finished = new HashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private @Nullable SleepDraft sleep;
  private volatile boolean ending;

  /**
   * @param task as it was when the turn began
   * @param steps what earlier runs finished
   */
  TurnRun(Shard shard, Task task, List<Step> steps) {
    this.shard = shard;
    this.task = task;
    steps.forEach(step -> finished.put(step.name(), step));
  }

  public Task task() {
    return task;
  }

  /** Makes every later call of the turn's code throw. */
  void end() {
    ending = true;
  }

  private void checkGoesOn() {
    if (ending) {
      throw new TurnEndedException("the turn was asked to end");
    }
  }

  /**
   * Runs a piece of work once in the life of the task, however often the turn runs: the result is
   * durable before this returns, and is what later runs get.
   *
   * @param name the first use of a name in a turn is itself, the nth {@code name#n}
   * @return the result as it would be read back
   * @throws IllegalArgumentException when the result is not JSON; nothing is recorded
   */
  public @Nullable Object step(String name, Callable<?> work) throws Exception {
    String unique;
    synchronized (this) {
      checkGoesOn();
      int use = uses.merge(name, 1, Integer::sum);
      unique = use == 1 ? name : name + "#" + use;
      asked.add(unique);
      Step before = finished.get(unique);
      if (before != null) {
        return before.result();
      }
    }
    Object result = frozen(unique, work.call());
    boolean recorded =
        shard.decidePatiently(draft -> TurnRules.finishStep(draft, task, unique, result));
    if (!recorded) {
      throw new TurnEndedException("the turn is over; the step's result comes too late");
    }
    return result;
  }

  private static @Nullable Object frozen(String step, @Nullable Object result) {
    try {
      return Json.freeze(result);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the result of step '" + step + "' is " + e.getMessage(), e);
    }
  }

  /** A key for the outside world, the same in every run, for one use of a step. */
  public String idempotencyKey(String step) {
    return task.taskId() + "/1/" + step;
  }

  /** The steps that earlier runs finished and this one never asked for. */
  synchronized List<String> forgottenSteps() {
    return finished.keySet().stream().filter(name -> !asked.contains(name)).sorted().toList();
  }

  public synchronized void append(Message message) {
    add(new Effect.Append(message));
  }

  public synchronized void put(String key, @Nullable Object value) {
    add(new Effect.Put(key, Json.freeze(value)));
  }

  public synchronized void remove(String key) {
    add(new Effect.Remove(key));
  }

  /** Sends mail; the ids are those that the mails will have. */
  public synchronized List<String> send(MailDraft mail) {
    List<String> ids = mail.to().stream().map(_ -> shard.newId()).toList();
    add(new Effect.Send(ids, mail));
    return ids;
  }

  public synchronized void acknowledge(List<String> messageIds) {
    add(new Effect.Acknowledge(messageIds));
  }

  /** Submits a task to an agent; the id is the one that it will have. */
  public synchronized String submit(String agentId, TaskSpec spec) {
    String taskId = shard.newId();
    add(new Effect.Submit(agentId, taskId, spec));
    return taskId;
  }

  public synchronized void sleep(SleepDraft sleep) {
    checkGoesOn();
    check(draft -> TurnRules.check(draft, sleep));
    this.sleep = sleep;
  }

  private void add(Effect effect) {
    checkGoesOn();
    check(draft -> TurnRules.check(draft, task.agentId(), effect));
    effects.add(effect);
  }

  private void check(Consumer<Draft> rule) {
    shard.consult(
        draft -> {
          rule.accept(draft);
          return true;
        });
  }

  synchronized List<Effect> effects() {
    return List.copyOf(effects);
  }

  synchronized @Nullable SleepDraft sleep() {
    return sleep;
  }

  /** The value of a key in the working memory, as this turn left it; null when it is not there. */
  public synchronized @Nullable MemoryItem memory(String key) {
    for (Effect effect : effects.reversed()) {
      switch (effect) {
        case Effect.Put put when put.key().equals(key) -> {
          return new MemoryItem(key, put.value());
        }
        case Effect.Remove remove when remove.key().equals(key) -> {
          return null;
        }
        default -> {}
      }
    }
    return read(agent -> agent.memory(key));
  }

  /** The last messages of the history, those of this turn at its end. */
  public synchronized List<Message> lastMessages(int count) {
    List<Message> own = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Append append) {
        own.add(append.message());
      }
    }
    List<Message> all =
        new ArrayList<>(
            shard.read(
                fold -> lastMessages(fold, task.agentId(), Math.max(0, count - own.size()))));
    all.addAll(own.subList(Math.max(0, own.size() - count), own.size()));
    return List.copyOf(all);
  }

  static List<Message> lastMessages(Fold fold, String agentId, int count) {
    AgentState agent = fold.agent(agentId);
    if (agent == null || count == 0) {
      return List.of();
    }
    long from = Math.max(0, agent.session().messages() - count);
    List<Message> messages = new ArrayList<>();
    fold.scan(Keys.messages(agentId), Keys.message(agentId, from))
        .forEachRemaining(entry -> messages.add((Message) entry.value()));
    return messages;
  }

  /** Unread mail that this turn has not acknowledged, oldest first. */
  public synchronized List<Mail> unread(int limit) {
    Set<String> taken = new HashSet<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Acknowledge acknowledge) {
        taken.addAll(acknowledge.messageIds());
      }
    }
    return read(
        (fold, agent) -> {
          List<Mail> mail = new ArrayList<>();
          Iterator<Entry> lines = fold.scan(Keys.mail(task.agentId(), MailStatus.UNREAD));
          while (lines.hasNext() && mail.size() < limit) {
            String id = Keys.last(lines.next().key());
            if (!taken.contains(id)) {
              mail.add(Objects.requireNonNull(agent.mail(id)));
            }
          }
          return mail;
        });
  }

  private <T extends @Nullable Object> T read(Function<AgentState, T> reader) {
    return read((_, agent) -> reader.apply(agent));
  }

  private <T extends @Nullable Object> T read(BiFunction<Fold, AgentState, T> reader) {
    return shard.read(
        fold -> {
          AgentState agent = fold.agent(task.agentId());
          if (agent == null) {
            throw new TurnEndedException("the agent was deleted");
          }
          return reader.apply(fold, agent);
        });
  }
}
