package dev.torpor.server;

import dev.torpor.AgentSummary;
import dev.torpor.Page;
import dev.torpor.rules.AgentView;
import dev.torpor.state.Mail;
import dev.torpor.state.MailCounts;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** State as answers show it: plain JSON values in the order in which people read them. */
final class Views {
  private Views() {}

  /** A constant's name as it stands in answers. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /**
   * An agent.
   *
   * @param whyNotRunning null when there is nothing to say
   */
  static Map<String, @Nullable Object> agent(AgentView agent, @Nullable String whyNotRunning) {
    Session session = agent.session();
    Map<String, @Nullable Object> view = head(session);
    view.put("configuration", session.configuration());
    view.put("tool_sets", session.toolSets());
    view.put("created_at", session.createdAt().toString());
    view.put("last_activity", session.lastActivity().toString());
    view.put("working_memory", memory(agent.memory()));
    if (agent.sleep() != null) {
      view.put("sleep", sleep(agent.sleep()));
    }
    view.put("tasks", counts(session.tasks()));
    view.put("mail", counts(session.mail()));
    view.put("error_count", session.errorCount());
    view.put("metadata", session.metadata());
    putKnown(view, "why_not_running", whyNotRunning);
    return view;
  }

  /** An agent in a list. */
  static Map<String, @Nullable Object> summary(AgentSummary agent) {
    Session session = agent.session();
    Map<String, @Nullable Object> view = head(session);
    view.put("last_activity", session.lastActivity().toString());
    if (agent.sleep() != null) {
      view.put("sleep", sleep(agent.sleep()));
    }
    view.put("tasks", counts(session.tasks()));
    view.put("mail", counts(session.mail()));
    view.put("error_count", session.errorCount());
    return view;
  }

  private static Map<String, @Nullable Object> head(Session session) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("agent_id", session.agentId());
    view.put("agent_name", session.agentName());
    view.put("status", name(session.status()));
    view.put("version", session.version());
    view.put("behavior", session.behavior());
    return view;
  }

  private static Map<String, @Nullable Object> memory(List<MemoryItem> items) {
    Map<String, @Nullable Object> memory = LinkedHashMap.newLinkedHashMap(items.size());
    items.forEach(item -> memory.put(item.key(), item.value()));
    return memory;
  }

  private static Map<String, @Nullable Object> sleep(Sleep sleep) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("sleep_start", sleep.sleepStart().toString());
    putTime(view, "wake_time", sleep.wakeTime());
    view.put("wake_events", sleep.wakeEvents());
    putKnown(view, "reason", sleep.reason());
    return view;
  }

  private static Map<String, @Nullable Object> counts(TaskCounts tasks) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("pending", tasks.pending());
    view.put("in_progress", tasks.inProgress());
    view.put("waiting", tasks.waiting());
    view.put("completed", tasks.completed());
    view.put("failed", tasks.failed());
    return view;
  }

  private static Map<String, @Nullable Object> counts(MailCounts mail) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("unread", mail.unread());
    view.put("pending_replies", mail.pendingReplies());
    return view;
  }

  static Map<String, @Nullable Object> task(Task task, List<Step> steps) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("task_id", task.taskId());
    view.put("agent_id", task.agentId());
    view.put("type", task.type());
    view.put("prompt", task.prompt());
    view.put("payload", task.payload());
    view.put("priority", name(task.priority()));
    view.put("status", name(task.status()));
    view.put("attempt", task.attempt());
    view.put("recoveries", task.recoveries());
    view.put("submitted_at", task.submittedAt().toString());
    putTime(view, "started_at", task.startedAt());
    putTime(view, "finished_at", task.finishedAt());
    putKnown(view, "result", task.result());
    putKnown(view, "error", task.error());
    view.put("steps", steps.stream().map(Views::step).toList());
    return view;
  }

  private static Map<String, @Nullable Object> step(Step step) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", step.name());
    view.put("result", step.result());
    view.put("finished_at", step.finishedAt().toString());
    return view;
  }

  static Map<String, @Nullable Object> message(Message message) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("index", message.index());
    view.put("role", name(message.role()));
    view.put("content", message.content());
    putTime(view, "at", message.at());
    putKnown(view, "task_id", message.taskId());
    putKnown(view, "name", message.name());
    putKnown(view, "tool_calls", message.toolCalls());
    putKnown(view, "tool_call_id", message.toolCallId());
    putFilled(view, "metadata", message.metadata());
    return view;
  }

  static Map<String, @Nullable Object> mail(Mail mail) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("message_id", mail.messageId());
    view.put("thread_id", mail.threadId());
    view.put("from", mail.from());
    view.put("to", mail.to());
    view.put("subject", mail.subject());
    view.put("body", mail.body());
    view.put("priority", name(mail.priority()));
    view.put("sent_at", mail.sentAt().toString());
    view.put("status", name(mail.status()));
    putKnown(view, "reply_to", mail.replyTo());
    if (mail.expectsReply()) {
      view.put("expects_reply", true);
    }
    putTime(view, "reply_by", mail.replyBy());
    putTime(view, "read_at", mail.readAt());
    putTime(view, "replied_at", mail.repliedAt());
    putFilled(view, "metadata", mail.metadata());
    return view;
  }

  static Map<String, @Nullable Object> mailList(List<Mail> mail) {
    return Map.of("mail", mail.stream().map(Views::mail).toList());
  }

  /** A page of a list under the name of what it lists. */
  static <T> Map<String, @Nullable Object> page(String name, Page<T> page, Function<T, ?> view) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put(name, page.items().stream().map(view).toList());
    putKnown(answer, "next_cursor", page.nextCursor());
    return answer;
  }

  /** Puts a value unless it is null. */
  static void putKnown(Map<String, @Nullable Object> view, String name, @Nullable Object value) {
    if (value != null) {
      view.put(name, value);
    }
  }

  private static void putTime(
      Map<String, @Nullable Object> view, String name, @Nullable Instant time) {
    if (time != null) {
      view.put(name, time.toString());
    }
  }

  private static void putFilled(
      Map<String, @Nullable Object> view, String name, Map<String, @Nullable Object> value) {
    if (!value.isEmpty()) {
      view.put(name, value);
    }
  }
}
