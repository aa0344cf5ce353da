package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the server told its clients, each thing under its id with what was said of it. Thread-safe:
 * it grows while it is read.
 */
final class Ledger {
  /** Kinds of things, as the table lists them. */
  enum Kind {
    AGENTS("agents created"),
    TASKS("tasks submitted"),
    FINISHED_TASKS("tasks finished, with their results"),
    STEPS("steps finished, with their results"),
    MAIL("mails sent"),
    MESSAGES("messages appended");

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** A finished step: of which task, its name, and its result as text. */
  record StepSeen(String taskId, String name, String result) {
    String key() {
      return StepLog.key(taskId, name);
    }
  }

  private final Map<String, String> agents = new ConcurrentHashMap<>();
  private final Map<String, String> tasks = new ConcurrentHashMap<>();
  private final Map<String, String> finishedTasks = new ConcurrentHashMap<>();
  private final Map<String, StepSeen> steps = new ConcurrentHashMap<>();
  private final Map<String, Answer> mail = new ConcurrentHashMap<>();
  private final Map<Long, String> messages = new ConcurrentHashMap<>();

  /** What is in it now, as something that does not change. */
  Ledger copy() {
    Ledger copy = new Ledger();
    copy.agents.putAll(agents);
    copy.tasks.putAll(tasks);
    copy.finishedTasks.putAll(finishedTasks);
    copy.steps.putAll(steps);
    copy.mail.putAll(mail);
    copy.messages.putAll(messages);
    return copy;
  }

  void agent(Answer agent) {
    agents.put(agent.text("agent_id"), agent.text("behavior"));
  }

  /** A task as the server showed it, with its finished steps if it showed them. */
  void task(Answer task) {
    String id = task.text("task_id");
    tasks.put(id, task.text("agent_id"));
    if (isFinished(task)) {
      finishedTasks.put(id, outcome(task));
    }
    for (Answer step : task.objects("steps")) {
      StepSeen seen = new StepSeen(id, step.text("name"), step.text("result"));
      steps.putIfAbsent(seen.key(), seen);
    }
  }

  static boolean isFinished(Answer task) {
    return switch (task.text("status")) {
      case "completed", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  static String outcome(Answer task) {
    return task.text("status") + " " + task.text("result") + task.text("error");
  }

  void mail(Answer sent) {
    mail.put(sent.text("message_id"), sent);
  }

  void message(long index, String content) {
    messages.put(index, content);
  }

  boolean isKnownFinished(String taskId) {
    return finishedTasks.containsKey(taskId);
  }

  Map<String, String> agents() {
    return agents;
  }

  Map<String, String> tasks() {
    return tasks;
  }

  Map<String, String> finishedTasks() {
    return finishedTasks;
  }

  Map<String, StepSeen> steps() {
    return steps;
  }

  Map<String, Answer> mail() {
    return mail;
  }

  Map<Long, String> messages() {
    return messages;
  }

  /** How many files are known to be reviewed. */
  int reviewed() {
    return (int) steps.values().stream().filter(step -> step.name().startsWith("review ")).count();
  }

  Map<Kind, Integer> counts() {
    Map<Kind, Integer> counts = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      counts.put(
          kind,
          switch (kind) {
            case AGENTS -> agents.size();
            case TASKS -> tasks.size();
            case FINISHED_TASKS -> finishedTasks.size();
            case STEPS -> steps.size();
            case MAIL -> mail.size();
            case MESSAGES -> messages.size();
          });
    }
    return counts;
  }
}
