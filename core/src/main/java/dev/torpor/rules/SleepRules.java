package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Arrivals;
import dev.torpor.state.Change;
import dev.torpor.state.Event;
import dev.torpor.state.Keys;
import dev.torpor.state.Sleep;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.WakeEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Falling asleep and waking. */
final class SleepRules {
  /** Times in keys have four digits for the year. */
  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private SleepRules() {}

  static AgentView putToSleep(Draft draft, Request.PutToSleep request) {
    String id = request.agentId();
    check(draft, request.sleep());
    AgentState agent = draft.agent(id);
    Sleep sleep = sleep(draft, request.sleep());
    switch (agent.session().status()) {
      case STOPPED ->
          throw Refusal.conflict(
              "agent_stopped", "agent_id", "agent '%s' is stopped; start it first", id);
      case DAMAGED -> throw Refusal.conflict("agent_damaged", "agent_id", "'%s' is damaged", id);
      case ACTIVE -> draft.emit(id, v -> new Change.SleepRequested(id, v, sleep));
      case IDLE, WAITING -> draft.emit(id, v -> new Change.FellAsleep(id, v, sleep));
      case SLEEPING -> {
        wakeIfOnItsWay(draft, agent);
        draft.emit(id, v -> new Change.FellAsleep(id, v, sleep));
      }
    }
    return AgentView.of(draft.agent(id));
  }

  /** A sleep that is replaced must not miss the broadcast that was recorded while it lasted. */
  private static void wakeIfOnItsWay(Draft draft, AgentState agent) {
    Sleep sleep = agent.sleep();
    Event event = sleep == null ? null : broadcastSince(draft, sleep, sleep.sinceSeq());
    if (event != null) {
      end(draft, agent.session().agentId(), "event", event.name(), event.data());
    }
  }

  static AgentView wake(Draft draft, Request.WakeAgent request) {
    String id = request.agentId();
    Names.checkName(request.reason(), "reason");
    AgentState agent = draft.agent(id);
    String reason = request.reason() == null ? WakeEvent.MANUAL_WAKE.name() : request.reason();
    if (agent.session().status() == AgentStatus.ACTIVE) {
      draft.emit(id, v -> new Change.ManuallyWoken(id, v));
    }
    end(draft, id, reason, WakeEvent.MANUAL_WAKE.name(), null);
    return AgentView.of(draft.agent(id));
  }

  /** Wakes an agent whose time has come; false when it has not, or it does not sleep. */
  static boolean wakeInTime(Draft draft, String id) {
    AgentState agent = draft.find(id);
    Sleep sleep = agent == null ? null : agent.sleep();
    if (sleep == null || sleep.wakeTime() == null || sleep.wakeTime().isAfter(draft.now())) {
      return false;
    }
    end(draft, id, "timer", null, null);
    return true;
  }

  /** Something came to an agent: its sleep ends when it is one of the events that it waits for. */
  static void arrived(Draft draft, String id, List<WakeEvent> events) {
    AgentState agent = draft.agent(id);
    Sleep sleep = current(agent);
    if (sleep == null) {
      return;
    }
    for (WakeEvent event : events) {
      if (sleep.wakeEvents().contains(event.name())) {
        end(draft, id, "event", event.name(), null);
        return;
      }
    }
  }

  private static @Nullable Sleep current(AgentState agent) {
    return agent.session().status() == AgentStatus.SLEEPING
        ? agent.sleep()
        : agent.session().sleepRequest();
  }

  /** Ends the sleep that an agent is in, or has been asked to begin; neither: nothing. */
  static void end(
      Draft draft, String id, String reason, @Nullable String event, @Nullable Object data) {
    AgentState agent = draft.agent(id);
    Sleep sleep = current(agent);
    if (sleep == null) {
      return;
    }
    if (agent.session().status() == AgentStatus.SLEEPING) {
      draft.emit(id, v -> new Change.WokeUp(id, v, reason, event));
    } else {
      draft.emit(id, v -> new Change.SleepDropped(id, v, reason));
    }
    if (sleep.wakeTask()) {
      submitWakeTask(draft, id, reason, event, data);
    }
  }

  /** Never refused: a full queue must not swallow the task that a behavior waits for. */
  private static void submitWakeTask(
      Draft draft, String id, String reason, @Nullable String event, @Nullable Object data) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("reason", reason);
    payload.put("event", event);
    payload.put("data", data);
    TaskSpec spec = TaskSpec.of("You woke up: " + reason).type(Task.WAKE).payload(payload);
    String taskId = draft.newId();
    draft.emit(id, v -> new Change.TaskSubmitted(id, v, taskId, spec));
  }

  /**
   * After a turn: falls asleep as the turn asked, or as somebody asked while it ran; ends the sleep
   * at once when what it waits for came in the meantime.
   *
   * @param asked what the turn asked for; null when it did not
   * @param turn the turn that is over, as it was while it ran
   */
  static void sleepAfterTurn(Draft draft, String id, @Nullable SleepDraft asked, Task turn) {
    Sleep sleep = asked == null ? draft.agent(id).session().sleepRequest() : sleep(draft, asked);
    if (sleep == null) {
      return;
    }
    draft.emit(id, v -> new Change.FellAsleep(id, v, sleep));
    // What came to the agent has ended a request already; only a turn's own sleep is new here.
    String arrived = asked == null ? null : arrivedSince(draft.agent(id), sleep, turn.turn());
    if (arrived != null) {
      end(draft, id, "event", arrived, null);
      return;
    }
    Event event = broadcastSince(draft, sleep, asked == null ? sleep.sinceSeq() : turn.turnSeq());
    if (event != null) {
      end(draft, id, "event", event.name(), event.data());
    }
  }

  private static @Nullable String arrivedSince(AgentState agent, Sleep sleep, long version) {
    Arrivals arrivals = agent.session().arrivals();
    if (arrivals.manualWake() > version) {
      return WakeEvent.MANUAL_WAKE.name();
    }
    Map<WakeEvent, Long> last =
        Map.of(
            WakeEvent.MAIL_RECEIVED, arrivals.mail(),
            WakeEvent.HIGH_PRIORITY_MAIL, arrivals.highPriorityMail(),
            WakeEvent.TASK_SUBMITTED, arrivals.task());
    return last.entrySet().stream()
        .filter(e -> e.getValue() > version && sleep.wakeEvents().contains(e.getKey().name()))
        .map(e -> e.getKey().name())
        .sorted()
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Event broadcastSince(Draft draft, Sleep sleep, long seq) {
    for (String name : sleep.wakeEvents()) {
      String key =
          name.equals(WakeEvent.SYSTEM_EVENT.name())
              ? Keys.LAST_EVENT
              : Keys.event(draft.fold().names().name(name));
      Event event = (Event) draft.fold().value(key);
      if (event != null && event.seq() > seq) {
        return event;
      }
    }
    return null;
  }

  /** Checks a sleep before anything is decided. */
  static void check(Draft draft, SleepDraft sleep) {
    Names.checkEvents(sleep.wakeEvents(), draft.limits());
    Names.checkName(sleep.reason(), "reason");
    if (sleep.duration() != null && sleep.until() != null) {
      throw Refusal.invalid("until", "a sleep has a duration or a time at which it ends, not both");
    }
    if (sleep.duration() != null && sleep.duration().isNegative()) {
      throw Refusal.invalid("duration_seconds", "a sleep cannot last less than nothing");
    }
    Instant end = end(draft, sleep);
    if (end != null && (end.isAfter(LATEST) || end.isBefore(EARLIEST))) {
      throw Refusal.invalid(
          sleep.until() == null ? "duration_seconds" : "until",
          "a sleep ends between %s and %s",
          EARLIEST,
          LATEST);
    }
  }

  private static @Nullable Instant end(Draft draft, SleepDraft sleep) {
    try {
      return sleep.duration() == null ? sleep.until() : draft.now().plus(sleep.duration());
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.MAX;
    }
  }

  private static Sleep sleep(Draft draft, SleepDraft sleep) {
    return new Sleep(
        draft.now(),
        end(draft, sleep),
        sleep.wakeEvents(),
        sleep.reason(),
        sleep.wakeTask(),
        draft.stamp().seq());
  }
}
