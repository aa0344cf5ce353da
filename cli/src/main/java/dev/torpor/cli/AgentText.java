package dev.torpor.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An agent as a person reads it. */
final class AgentText {
  private AgentText() {}

  /** All that is known of it. */
  static void print(Answer agent, PrintWriter out) {
    Answer tasks = agent.object("tasks");
    line(out, "agent", named(agent));
    line(out, "status", status(agent));
    line(out, "why not running", agent.text("why_not_running"));
    line(out, "behavior", agent.text("behavior"));
    line(out, "version", agent.text("version"));
    line(out, "created", agent.text("created_at"));
    line(out, "last activity", agent.text("last_activity"));
    line(
        out,
        "tasks",
        Stream.of("pending", "in_progress", "waiting", "completed", "failed", "cancelled")
            .filter(name -> tasks.number(name) > 0)
            .map(name -> tasks.number(name) + " " + name)
            .collect(Collectors.joining(", ")));
    Answer mail = agent.object("mail");
    line(
        out,
        "mail",
        mail.number("unread") + " unread, " + mail.number("pending_replies") + " replies awaited");
    line(out, "errors", Long.toString(agent.number("error_count")));
    json(out, "configuration", agent);
    json(out, "metadata", agent);
    json(out, "working_memory", agent);
  }

  /** Its status, with the sleep's end when it sleeps. */
  static String status(Answer agent) {
    if (!agent.has("sleep")) {
      return agent.text("status");
    }
    Answer sleep = agent.object("sleep");
    List<?> events = sleep.values("wake_events");
    return agent.text("status")
        + (sleep.has("wake_time") ? " until " + sleep.text("wake_time") : "")
        + (events.isEmpty()
            ? ""
            : events.stream()
                .map(Object::toString)
                .collect(Collectors.joining(", ", " (wakes on ", ")")))
        + (sleep.has("reason") ? ": " + sleep.text("reason") : "");
  }

  private static String named(Answer agent) {
    String id = agent.text("agent_id");
    String name = agent.text("agent_name");
    return name.isEmpty() || name.equals(id) ? id : id + " (" + name + ")";
  }

  private static void json(PrintWriter out, String field, Answer agent) {
    if (!agent.object(field).fields().isEmpty()) {
      line(out, field.replace('_', ' '), JsonText.write(agent.value(field)));
    }
  }

  private static void line(PrintWriter out, String name, String value) {
    if (!value.isEmpty()) {
      out.println("%-16s %s".formatted(name, value));
    }
  }
}
