package dev.torpor.runtime;

import dev.torpor.rules.Draft;
import dev.torpor.rules.TurnRules;
import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.NotLoadedException;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher: whoever is idle, has a task that can run and a behavior that is known, gets a
 * turn. It looks after each commit, at the agents that the commit changed. An agent has one turn at
 * a time, even while the code of an abandoned one has not ended.
 */
final class Turns {
  private static final Logger log = LoggerFactory.getLogger(Turns.class);

  /** So many agents are looked for under one lock. */
  private static final int AT_ONCE = 1000;

  private final Shard shard;
  private final ScheduledExecutorService alarms;
  private final Duration grace;
  private final Map<String, TurnCode> behaviors = new ConcurrentHashMap<>();

  /** The turns that run, by agent. Guarded by the shard's lock. */
  private final Map<String, RunningTurn> running = new HashMap<>();

  /** Who may have a turn when there is room again. Guarded by the shard's lock. */
  private final Set<String> starved = new LinkedHashSet<>();

  private boolean closing;

  Turns(Shard shard, ScheduledExecutorService alarms, Duration grace) {
    this.shard = shard;
    this.alarms = alarms;
    this.grace = grace;
  }

  /** Registers a behavior; what waited for it begins to run. */
  void register(String name, TurnCode code) {
    behaviors.put(name, code);
    String from = "";
    while (from != null) {
      String first = from;
      List<String> lines = shard.read(fold -> runnable(fold, name, first));
      lines.forEach(line -> safely(Keys.last(line), this::consider));
      from = lines.size() < AT_ONCE ? null : lines.getLast() + '\0';
    }
  }

  /** Some of the agents that have something to run with a behavior: the keys that name them. */
  private static List<String> runnable(Fold fold, String behavior, String from) {
    List<String> lines = new ArrayList<>();
    String prefix = Keys.runnable(fold.names().name(behavior));
    Iterator<Entry> all = fold.scan(prefix, from.isEmpty() ? prefix : from);
    while (lines.size() < AT_ONCE && all.hasNext()) {
      lines.add(all.next().key());
    }
    return lines;
  }

  boolean knows(String behavior) {
    return behaviors.containsKey(behavior);
  }

  Set<String> behaviors() {
    return Set.copyOf(behaviors.keySet());
  }

  /** Why an agent that has something to do does not do it; null when it does, or has nothing. */
  @Nullable String whyNotRunning(Session session) {
    if (session.tasks().pending() == 0 || session.status() == AgentStatus.ACTIVE) {
      return null;
    }
    return switch (session.status()) {
      case STOPPED -> "the agent is stopped";
      case SLEEPING -> "the agent is sleeping";
      case DAMAGED -> "the agent is damaged";
      case IDLE, WAITING, ACTIVE ->
          knows(session.behavior())
              ? notYet(session)
              : "the behavior '" + session.behavior() + "' is not known here; register it";
    };
  }

  private @Nullable String notYet(Session session) {
    return shard.<@Nullable String>locked(
        () -> {
          if (running.containsKey(session.agentId())) {
            return "the code of an earlier turn has not ended";
          }
          AgentState agent = shard.peek(fold -> fold.agent(session.agentId()));
          return agent == null || agent.next() != null ? null : "no task of it is due yet";
        });
  }

  /** After a commit, under the lock: looks at whom it changed. */
  void committed(List<Change> changes) {
    String last = "";
    for (Change change : changes) {
      if (change instanceof Change.OfAgent c && !c.agent().equals(last)) {
        last = c.agent();
        safely(last, this::considerNow);
      }
      switch (change) {
        case Change.StopRequested c -> safely(c.agent(), this::endTurn);
        case Change.TaskCancelled c -> safely(c.agent(), agent -> cancelTurn(agent, c.taskId()));
        case Change.AgentDeleted c -> safely(c.agent(), agent -> cancelTurn(agent, null));
        case Change.AgentImported c -> {
          safely(c.agent(), agent -> cancelTurn(agent, null)); // of the one that it replaced
          safely(c.agent(), this::considerNow);
        }
        default -> {}
      }
    }
  }

  /** What fails here must not fail the commit that was taken; a start finds the work again. */
  private static void safely(String agentId, Consumer<String> action) {
    try {
      action.accept(agentId);
    } catch (RuntimeException e) {
      log.error("agent {}: a turn could not begin, or not be ended", agentId, e);
    }
  }

  /**
   * {@link #considerHere} behind something that cannot be done again: what must be loaded for it is
   * loaded elsewhere.
   */
  private void considerNow(String agentId) {
    try {
      considerHere(agentId);
    } catch (NotLoadedException missing) {
      Thread.ofVirtual().name("turns-load-" + agentId).start(() -> safely(agentId, this::consider));
    }
  }

  void consider(String agentId) {
    shard.locked(
        () -> {
          considerHere(agentId);
          return true;
        });
  }

  /** Begins a turn of an agent, if it can have one; under the lock. */
  private void considerHere(String agentId) {
    if (closing || running.containsKey(agentId) || !shard.peek(fold -> canBegin(fold, agentId))) {
      return;
    }
    if (!shard.hasRoom()) {
      if (starved.isEmpty()) {
        Thread.ofVirtual().name("turns-wait").start(this::feed);
      }
      starved.add(agentId);
      return;
    }
    RunningTurn turn =
        shard.<@Nullable RunningTurn>decideHere(draft -> begin(draft, agentId)).answer();
    if (turn != null) {
      running.put(agentId, turn);
      turn.start();
    }
  }

  /** Most commits leave nobody a turn to begin: what tells that is looked at first. */
  private boolean canBegin(Fold fold, String agentId) {
    AgentState agent = fold.agent(agentId);
    return agent != null && agent.session().mayRun() && knows(agent.session().behavior());
  }

  /** Waits for room, which also asks for it, and then looks again at whoever went without. */
  private void feed() {
    try {
      shard.awaitRoomPatiently();
    } catch (StoreException e) {
      log.warn("no more turns begin: {}", e.getMessage());
      return;
    }
    shard.locked(
        () -> {
          List<String> agents = List.copyOf(starved);
          starved.clear();
          agents.forEach(agent -> safely(agent, this::considerNow));
          return true;
        });
  }

  private @Nullable RunningTurn begin(Draft draft, String agentId) {
    AgentState agent = draft.find(agentId);
    TurnCode code = agent == null ? null : behaviors.get(agent.session().behavior());
    Task task = code == null ? null : TurnRules.start(draft, agentId);
    if (agent == null || code == null || task == null) {
      return null;
    }
    TurnRun run = new TurnRun(shard, task, agent.steps(task.taskId()));
    return new RunningTurn(this, shard, alarms, code, run);
  }

  /** The code of a turn has ended: the agent may have another. */
  void left(RunningTurn turn) {
    shard.locked(
        () -> {
          if (running.remove(turn.agentId(), turn)) {
            considerNow(turn.agentId());
          }
          return true;
        });
  }

  private void endTurn(String agentId) {
    RunningTurn turn = running.get(agentId);
    if (turn != null) {
      turn.end(grace);
    }
  }

  /** What the turn works for is gone: it need not go on, and nothing of it counts. */
  private void cancelTurn(String agentId, @Nullable String taskId) {
    RunningTurn turn = running.get(agentId);
    if (turn != null && (taskId == null || turn.taskId().equals(taskId))) {
      turn.cancel();
    }
  }

  /**
   * Begins no more turns, and ends those that run: they may finish within the grace, then they are
   * interrupted, then abandoned. Their tasks go on at the next start.
   */
  void close() {
    List<RunningTurn> open =
        shard.locked(
            () -> {
              closing = true;
              List<RunningTurn> turns = new ArrayList<>(running.values());
              turns.forEach(turn -> turn.end(grace));
              return turns;
            });
    open.forEach(turn -> turn.awaitSettled(grace.plusSeconds(5)));
  }
}
