package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.Change;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns: begun, a step finished, over. A turn is named by the version at which it began; one that
 * was cancelled, recovered or deleted in the meantime no longer is that turn and can do nothing
 * more.
 */
public final class TurnRules {
  private static final int MAX_ERROR_CHARACTERS = 4096;

  private TurnRules() {}

  /** How a turn ended. */
  public sealed interface Outcome {
    /** It returned. */
    record Completed(@Nullable Object result) implements Outcome {}

    /** It threw, or took too long. */
    record Failed(String error) implements Outcome {}

    /** It was asked to end early; its task goes on later. */
    record Suspended() implements Outcome {}
  }

  /** Begins the next turn of an agent; null when none can run. */
  public static @Nullable Task start(Draft draft, String id) {
    AgentState agent = draft.find(id);
    if (agent == null || !agent.session().status().mayBegin()) {
      return null;
    }
    Task next = agent.next();
    if (next == null) {
      return null;
    }
    draft.emit(id, v -> new Change.TurnStarted(id, v, next.taskId()));
    return draft.agent(id).task(next.taskId());
  }

  /** The task of a turn that still is the running one; null when it no longer is. */
  public static @Nullable Task running(Draft draft, Task turn) {
    AgentState agent = draft.find(turn.agentId());
    Task task = agent == null ? null : agent.task(turn.taskId());
    return task != null && task.status() == TaskStatus.IN_PROGRESS && task.turn() == turn.turn()
        ? task
        : null;
  }

  /** Records a step's result; false when the turn is no longer the running one. */
  public static boolean finishStep(Draft draft, Task turn, String name, @Nullable Object result) {
    if (running(draft, turn) == null) {
      return false;
    }
    String id = turn.agentId();
    draft.emit(id, v -> new Change.StepCompleted(id, v, turn.taskId(), name, result));
    return true;
  }

  /**
   * Ends a turn: what it did becomes true with its completion, or not at all.
   *
   * @return whether it still was the running one
   */
  public static boolean finish(
      Draft draft, Task turn, List<Effect> effects, @Nullable SleepDraft sleep, Outcome outcome) {
    Task task = running(draft, turn);
    if (task == null) {
      return false;
    }
    String id = turn.agentId();
    switch (outcome) {
      case Outcome.Completed completed -> {
        effects.forEach(effect -> apply(draft, turn, effect));
        draft.emit(id, v -> new Change.TaskCompleted(id, v, turn.taskId(), completed.result()));
        afterTurn(draft, id, sleep, task);
      }
      case Outcome.Failed failed -> {
        fail(draft, task, failed.error());
        afterTurn(draft, id, null, task);
      }
      case Outcome.Suspended _ -> {
        draft.emit(id, v -> new Change.TurnSuspended(id, v, turn.taskId()));
        afterTurn(draft, id, null, task);
      }
    }
    return true;
  }

  private static void fail(Draft draft, Task task, String error) {
    String id = task.agentId();
    String shortened =
        error.length() > MAX_ERROR_CHARACTERS
            ? error.substring(0, MAX_ERROR_CHARACTERS) + "…"
            : error;
    draft.emit(
        id,
        v ->
            task.attempt() < task.maxAttempts()
                ? new Change.TurnFailed(id, v, task.taskId(), shortened)
                : new Change.TaskFailed(id, v, task.taskId(), shortened));
  }

  /** What was asked for while a turn ran happens when it is over: a stop, or else a sleep. */
  static void afterTurn(Draft draft, String id, @Nullable SleepDraft sleep, Task turn) {
    if (draft.agent(id).session().stopRequested()) {
      draft.emit(id, v -> new Change.AgentStopped(id, v));
    } else {
      SleepRules.sleepAfterTurn(draft, id, sleep, turn);
    }
  }

  /**
   * Puts a task back that was in progress when the process ended, or fails it when that happened
   * too often.
   */
  static void recover(Draft draft, String id) {
    AgentState agent = draft.find(id);
    Task task = agent == null ? null : agent.running();
    if (task == null) {
      return;
    }
    draft.emit(id, v -> new Change.TurnRecovered(id, v, task.taskId()));
    if (task.recoveries() >= draft.limits().maxRecoveries()) {
      String error =
          "%d runs were cut off by a crash (limit max_recoveries)".formatted(task.recoveries() + 1);
      draft.emit(id, v -> new Change.TaskFailed(id, v, task.taskId(), error));
    }
    afterTurn(draft, id, null, task);
  }

  private static void apply(Draft draft, Task turn, Effect effect) {
    String id = turn.agentId();
    switch (effect) {
      case Effect.Append append -> append(draft, id, append.message(), turn.taskId());
      case Effect.Put put ->
          draft.emit(id, v -> new Change.MemoryPut(id, v, put.key(), put.value()));
      case Effect.Remove remove ->
          draft.emit(id, v -> new Change.MemoryRemoved(id, v, remove.key()));
      case Effect.Send send -> MailRules.send(draft, send.mail(), send.messageIds());
      case Effect.Acknowledge acknowledge ->
          MailRules.markRead(draft, id, acknowledge.messageIds());
      case Effect.Submit submit -> submit(draft, id, submit);
    }
  }

  static long append(Draft draft, String id, Message message, @Nullable String taskId) {
    Session session = draft.agent(id).session();
    draft.emit(
        id,
        v ->
            new Change.MessageAppended(
                id, v, message.placed(session.messages(), draft.now(), taskId)));
    return session.messages();
  }

  /** A delivery that is refused does not undo the turn: the task has failed, with its sender. */
  private static void submit(Draft draft, String id, Effect.Submit submit) {
    try {
      TaskRules.submit(draft, submit.agentId(), submit.taskId(), submit.spec());
    } catch (Refusal refusal) {
      draft.emit(
          id,
          v -> new Change.TaskRefused(id, v, submit.taskId(), submit.spec(), refusal.getMessage()));
    }
  }

  /** Checks an effect when the turn asks for it, so that its code gets the error. */
  public static void check(Draft draft, String id, Effect effect) {
    switch (effect) {
      case Effect.Append append -> Names.checkText(append.message(), draft);
      case Effect.Put put -> Names.checkMemory(put.key(), put.value(), draft.limits());
      case Effect.Remove remove -> Names.checkMemory(remove.key(), null, draft.limits());
      case Effect.Send send -> MailRules.check(draft, send.mail());
      case Effect.Acknowledge acknowledge ->
          acknowledge.messageIds().forEach(mail -> MailRules.received(draft, id, mail));
      case Effect.Submit submit -> {
        Names.checkId(submit.agentId(), "agent_id", draft.limits());
        TaskRules.check(draft, submit.spec());
        draft.agent(submit.agentId());
      }
    }
  }

  /** Checks the sleep that a turn asks for. */
  public static void check(Draft draft, SleepDraft sleep) {
    SleepRules.check(draft, sleep);
  }
}
