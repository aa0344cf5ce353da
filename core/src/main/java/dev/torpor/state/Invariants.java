package dev.torpor.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold of an agent at any version. */
public final class Invariants {
  private final AgentSnapshot agent;
  private final Session session;
  private final List<String> broken = new ArrayList<>();

  private Invariants(AgentSnapshot agent) {
    this.agent = agent;
    this.session = agent.session();
  }

  /** What does not hold, a sentence each; empty when all is well. */
  public static List<String> broken(AgentSnapshot agent) {
    Invariants invariants = new Invariants(agent);
    invariants.checkSession();
    invariants.checkTasks();
    invariants.checkMessages();
    invariants.checkMail();
    return List.copyOf(invariants.broken);
  }

  private void check(boolean holds, String format, Object... arguments) {
    if (!holds) {
      broken.add("agent '" + session.agentId() + "': " + format.formatted(arguments));
    }
  }

  private void checkSession() {
    check(session.version() >= 1, "its version is %d", session.version());
    check(
        (session.status() == AgentStatus.SLEEPING) == (agent.sleep() != null),
        "it is %s and has %s sleep",
        session.status(),
        agent.sleep() == null ? "no" : "a");
    check(
        (session.status() == AgentStatus.ACTIVE) == (session.tasks().inProgress() > 0),
        "it is %s with %d tasks in progress",
        session.status(),
        session.tasks().inProgress());
    check(
        session.status() != AgentStatus.WAITING || session.tasks().waiting() > 0,
        "it is waiting and no task of it is");
    check(
        session.sleepRequest() == null || session.status() == AgentStatus.ACTIVE,
        "it is %s and asks to sleep after its turn",
        session.status());
    check(
        !session.stopRequested() || session.status() == AgentStatus.ACTIVE,
        "it is %s and is to stop after its turn",
        session.status());
  }

  private void checkTasks() {
    Set<String> ids = new HashSet<>();
    TaskCounts counts = TaskCounts.NONE;
    for (Task task : agent.tasks()) {
      check(ids.add(task.taskId()), "task %s is there twice", task.taskId());
      check(task.agentId().equals(session.agentId()), "task %s is another's", task.taskId());
      check(task.attempt() >= 1, "task %s is at attempt %d", task.taskId(), task.attempt());
      check(
          task.status().isFinished() == (task.finishedAt() != null),
          "task %s is %s and %s a time of its end",
          task.taskId(),
          task.status(),
          task.finishedAt() == null ? "has not" : "has");
      check(
          (task.status() == TaskStatus.IN_PROGRESS) == (task.turn() != 0),
          "task %s is %s in turn %d",
          task.taskId(),
          task.status(),
          task.turn());
      counts = counts.plus(task.status(), 1);
    }
    check(counts.inProgress() <= 1, "%d tasks are in progress", counts.inProgress());
    check(counts.equals(session.tasks()), "its tasks are %s, counted %s", counts, session.tasks());
  }

  private void checkMessages() {
    long next = 0;
    for (Message message : agent.messages()) {
      check(message.index() == next, "message %d is at %d", message.index(), next);
      next++;
    }
    check(next == session.messages(), "it has %d messages, counted %d", next, session.messages());
  }

  private void checkMail() {
    Set<String> ids = new HashSet<>();
    long unread = 0;
    for (Mail mail : agent.received()) {
      check(ids.add(mail.messageId()), "mail %s is there twice", mail.messageId());
      check(mail.to().equals(session.agentId()), "mail %s is another's", mail.messageId());
      unread += mail.status() == MailStatus.UNREAD ? 1 : 0;
    }
    long pendingReplies = 0;
    for (Mail mail : agent.sent()) {
      check(mail.from().equals(session.agentId()), "mail %s is another's", mail.messageId());
      pendingReplies += mail.awaitsReply() ? 1 : 0;
    }
    MailCounts counts = new MailCounts(unread, pendingReplies);
    check(counts.equals(session.mail()), "its mail is %s, counted %s", counts, session.mail());
  }
}
