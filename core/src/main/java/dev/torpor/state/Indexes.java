package dev.torpor.state;

import java.util.ArrayList;
import java.util.List;

/**
 * The index entries that follow from an entry, as a function of its value alone: what was damaged
 * can be computed again, and an entry's writer never thinks of indexes.
 */
public final class Indexes {
  private Indexes() {}

  /** An index entry: its key, and the agent that it leads to, or the empty string. */
  public record Line(String key, String value) {}

  /** Whether entries with such a value have index entries. */
  static boolean has(Object value) {
    return value instanceof Session
        || value instanceof Sleep
        || value instanceof Task
        || value instanceof Delivery
        || value instanceof Mail;
  }

  /** Whether two values of one key have the same index entries; false when that is not obvious. */
  static boolean same(Object a, Object b) {
    return switch (a) {
      case Session s -> sameSession(s, (Session) b);
      case Mail m -> m.status() == ((Mail) b).status();
      case Task t -> t.status() == ((Task) b).status() && t.status() != TaskStatus.PENDING;
      default -> false;
    };
  }

  private static boolean sameSession(Session a, Session b) {
    return a.status() == b.status()
        && a.mayRun() == b.mayRun()
        && a.behavior().equals(b.behavior());
  }

  /** The index entries of the entry of a key. */
  public static List<Line> of(String key, Object value, KeyNames names) {
    if (!has(value)) {
      return List.of(); // such a key need not begin with an agent
    }
    String agent = key.substring(0, key.indexOf('/'));
    return switch (value) {
      case Session session -> ofSession(session, names);
      case Sleep sleep -> ofSleep(agent, sleep, names);
      case Task task -> ofTask(agent, task);
      case Delivery delivery -> ofDelivery(agent, delivery);
      case Mail mail -> key.startsWith(Keys.sent(agent)) ? ofSent(mail) : ofMail(mail);
      default -> List.of();
    };
  }

  /** Whether a key is that of an index entry. */
  public static boolean isLine(String key) {
    return Keys.valueType(key) == String.class && !key.startsWith(Keys.UNTAKEN);
  }

  /** The agent that an index entry leads to. */
  public static String agentOf(Line line) {
    String key = line.key();
    if (!key.startsWith("~")) {
      return key.substring(0, key.indexOf('/'));
    }
    if (key.startsWith(Keys.DUE)) {
      int start = key.indexOf('/', Keys.DUE.length()) + 1;
      return key.substring(start, Math.max(start, key.indexOf('/', start)));
    }
    return line.value().isEmpty() ? Keys.last(key) : line.value();
  }

  /** The keys of entries of which one must be there for an index entry to follow from. */
  public static List<String> sources(Line line) {
    String agent = agentOf(line);
    String id = Keys.last(line.key());
    String kind = line.key().startsWith("~") ? line.key() : line.key().substring(agent.length());
    kind = kind.substring(0, Math.max(0, kind.indexOf('/', 1)));
    return switch (kind) {
      case "~id", "~status", "~runnable" -> List.of(Keys.session(agent));
      case "~wakes" -> List.of(Keys.sleep(agent));
      case "~due" -> List.of(Keys.sleep(agent), Keys.task(agent, id));
      case "~task", "~tasks", "/tasks", "/queue" ->
          List.of(Keys.task(agent, id), Keys.delivery(agent, id));
      case "~mail", "~thread", "~undeliverable", "/mails" ->
          List.of(Keys.mail(agent, id), Keys.sent(agent, id), Keys.delivery(agent, id));
      case "/kept" -> List.of(Keys.delivery(agent, id));
      default -> List.of();
    };
  }

  private static List<Line> ofSession(Session session, KeyNames names) {
    if (session.agentId().equals(Session.USER)) {
      return List.of(); // a mailbox for people, in no list of agents
    }
    Line id = new Line(Keys.id(session.agentId()), session.agentId());
    Line status = new Line(Keys.status(session.status()) + session.agentId(), "");
    if (!session.mayRun()) {
      return List.of(id, status);
    }
    String runnable = Keys.runnable(names.name(session.behavior())) + session.agentId();
    return List.of(id, status, new Line(runnable, ""));
  }

  private static List<Line> ofSleep(String agent, Sleep sleep, KeyNames names) {
    List<Line> lines = new ArrayList<>();
    if (sleep.wakeTime() != null) {
      lines.add(new Line(Keys.due(sleep.wakeTime(), agent, Keys.DUE_SLEEP, "-"), ""));
    }
    for (String event : sleep.wakeEvents()) {
      lines.add(new Line(Keys.wakes(names.name(event)) + agent, ""));
    }
    return lines;
  }

  private static List<Line> ofTask(String agent, Task task) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(Keys.anyTask(task.taskId()), agent));
    lines.add(new Line(Keys.tasks(task.status()) + task.taskId(), agent));
    lines.add(new Line(Keys.tasks(agent, task.status()) + task.taskId(), ""));
    if (task.status() == TaskStatus.PENDING) {
      lines.add(
          task.notBefore() == null
              ? new Line(Keys.queued(task), "")
              : new Line(Keys.due(task.notBefore(), agent, Keys.DUE_TASK, task.taskId()), ""));
    }
    return lines;
  }

  /** Who asks for it is told that its agent is damaged. */
  private static List<Line> ofDelivery(String agent, Delivery delivery) {
    String id = delivery.id();
    return List.of(
        new Line(delivery.mail() == null ? Keys.anyTask(id) : Keys.anyMail(id), agent),
        new Line(Keys.kept(agent, delivery), ""));
  }

  private static List<Line> ofMail(Mail mail) {
    return List.of(
        new Line(Keys.anyMail(mail.messageId()), mail.to()),
        new Line(Keys.thread(mail.threadId()) + mail.messageId(), mail.to()),
        new Line(Keys.mail(mail.to(), mail.status()) + mail.messageId(), ""));
  }

  /** Mail that reached nobody is found with its sender; other mail, with its addressee. */
  private static List<Line> ofSent(Mail mail) {
    if (mail.status() != MailStatus.UNDELIVERABLE) {
      return List.of();
    }
    return List.of(
        new Line(Keys.anyMail(mail.messageId()), mail.from()),
        new Line(Keys.thread(mail.threadId()) + mail.messageId(), mail.from()),
        new Line(Keys.UNDELIVERABLE + mail.messageId(), mail.from()));
  }
}
