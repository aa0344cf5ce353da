package dev.torpor.server;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import dev.torpor.rules.MailDraft;
import dev.torpor.state.Message;
import dev.torpor.state.WakeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs the actions in a task's payload, in order: for trying Torpor out and for tests. A task
 * without actions completes.
 */
final class ScriptBehavior implements AgentBehavior {
  private static final String UUID_WANTED = "$uuid";

  /** What an action may say besides its own name. */
  private static final Map<String, Set<String>> NAMES =
      Map.of(
          "step", Set.of("step", "take_seconds", "result"),
          "append", Set.of("append"),
          "remember", Set.of("remember"),
          "mail", Set.of("mail"),
          "fail", Set.of("fail", "until_attempt"),
          "sleep", Set.of("sleep"),
          "return", Set.of("return"));

  private static final Set<String> LATER = Set.of("wait", "spend");

  /** A script that is wrong, or that wants its turn to fail. */
  private static final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScriptException(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public void run(Turn turn) {
    int number = 0;
    for (Object action : actions(turn.task().payload())) {
      number++;
      try {
        run(turn, action);
      } catch (InvalidParamException e) {
        throw new ScriptException("action " + number + ": " + e.getMessage());
      }
    }
  }

  private static List<?> actions(@Nullable Object payload) {
    if (!(payload instanceof Map<?, ?> map) || map.get("actions") == null) {
      return List.of();
    }
    if (map.get("actions") instanceof List<?> actions) {
      return actions;
    }
    throw new ScriptException("actions must be a list");
  }

  @SuppressWarnings("unchecked") // JSON's keys are strings
  private static void run(Turn turn, @Nullable Object action) {
    if (!(action instanceof Map<?, ?> map)) {
      throw new InvalidParamException("wrong_type", "", "an action must be an object", null);
    }
    Params params = new Params((Map<String, @Nullable Object>) map);
    String name = name(map);
    params.checkNames(NAMES.getOrDefault(name, Set.of()));
    switch (name) {
      case "step" -> step(turn, params);
      case "append" -> turn.append(Message.assistant(params.text("append")));
      case "remember" -> params.objectOrEmpty("remember").forEach(turn.memory()::put);
      case "mail" -> mail(turn, required(params, "mail"));
      case "fail" -> fail(turn, params);
      case "sleep" -> sleep(turn, required(params, "sleep"));
      default -> turn.result(params.value("return"));
    }
  }

  private static String name(Map<?, ?> action) {
    for (Object name : action.keySet()) {
      if (LATER.contains(name)) {
        throw new InvalidParamException(
            "later", name + "", "'" + name + "' is not there yet", null);
      }
      if (NAMES.containsKey(name)) {
        return (String) name;
      }
    }
    throw new InvalidParamException(
        "unknown_action", "", "unknown action with the fields " + action.keySet(), null);
  }

  private static Params required(Params params, String name) {
    Params parts = params.parts(name);
    if (parts == null) {
      throw params.missing(name);
    }
    return parts;
  }

  private static void step(Turn turn, Params params) {
    Duration taking = params.duration("take_seconds");
    Object result = params.value("result");
    turn.<@Nullable Object>step(
        params.text("step"),
        () -> {
          if (taking != null) {
            Thread.sleep(taking);
          }
          return withUuids(result);
        });
  }

  /** The value with a fresh random one wherever one is wanted. */
  private static @Nullable Object withUuids(@Nullable Object value) {
    return switch (value) {
      case String text when text.contains(UUID_WANTED) ->
          text.replace(UUID_WANTED, UUID.randomUUID().toString());
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
        map.forEach((key, item) -> copy.put(key, withUuids(item)));
        yield copy;
      }
      case List<?> list -> list.stream().<@Nullable Object>map(ScriptBehavior::withUuids).toList();
      case null -> null;
      default -> value;
    };
  }

  private static void mail(Turn turn, Params params) {
    params.checkNames(MailMethods.DRAFT);
    MailDraft draft = MailMethods.draft(turn.agentId(), params);
    Turn.Letter letter =
        turn.mail(draft.to())
            .subject(draft.subject())
            .body(draft.body())
            .priority(draft.priority())
            .metadata(draft.metadata());
    if (draft.replyTo() != null) {
      letter.replyTo(draft.replyTo());
    }
    if (draft.replyBy() != null) {
      letter.expectsReply(draft.replyBy());
    } else if (draft.expectsReply()) {
      letter.expectsReply();
    }
    letter.send();
  }

  private static void fail(Turn turn, Params params) {
    String message = params.text("fail");
    int until = params.integer("until_attempt", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    if (turn.task().attempt() < until) {
      throw new ScriptException(message);
    }
  }

  private static void sleep(Turn turn, Params params) {
    params.checkNames(Set.of("duration_seconds", "until", "wake_events"));
    List<String> names = params.texts("wake_events");
    WakeEvent[] events =
        names == null
            ? new WakeEvent[0]
            : names.stream().map(WakeEvent::of).toArray(WakeEvent[]::new);
    Duration duration = params.duration("duration_seconds");
    Instant until = params.time("until");
    if (duration != null && until != null) {
      throw new InvalidParamException(
          "invalid", "sleep", "sleep takes duration_seconds or until, not both", null);
    }
    if (duration != null) {
      turn.thenSleep(duration, events);
    } else if (until != null) {
      turn.thenSleepUntil(until, events);
    } else {
      turn.thenSleepUntil(events);
    }
  }
}
