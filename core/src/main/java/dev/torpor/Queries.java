package dev.torpor;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.Refusal;
import dev.torpor.rules.Rules;
import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.AgentCounts;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is read: each from the entries that hold it, by range. A cursor is the key after which the
 * next page begins, so it stays right while things come and go. Thread-safe.
 */
final class Queries {
  private final AgentRuntime runtime;

  Queries(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  @Nullable AgentView agent(String id) {
    return runtime.<@Nullable AgentView>read(
        fold -> {
          AgentState agent = agent(fold, id);
          return agent == null ? null : AgentView.of(agent);
        });
  }

  @Nullable AgentSnapshot find(String id) {
    return runtime.<@Nullable AgentSnapshot>read(fold -> AgentSnapshot.of(id, fold));
  }

  AgentSnapshot snapshot(String id) {
    AgentSnapshot agent =
        runtime.<@Nullable AgentSnapshot>read(
            fold -> sound(fold, id) == null ? null : AgentSnapshot.of(id, fold));
    if (agent == null) {
      throw noAgent(id);
    }
    return agent;
  }

  private static TorporException noAgent(String id) {
    return TorporException.notFound(
        "agent_not_found", "agent_id", "agent '" + id + "' does not exist");
  }

  /** An agent; null when there is none, or it is the mailbox for people. */
  private @Nullable AgentState agent(Fold fold, String id) {
    Rules.checkId(id, runtime.limits());
    return id.equals(Session.USER) ? null : sound(fold, id);
  }

  /** An agent that is not damaged; null when there is none. */
  private static @Nullable AgentState sound(Fold fold, String id) {
    AgentState agent = fold.agent(id);
    if (agent != null && agent.session().status() == AgentStatus.DAMAGED) {
      throw Refusal.damaged(agent);
    }
    return agent;
  }

  /**
   * The agent that an index entry by an id leads to; null when there is none, or not yet all of it.
   * That one which is damaged now was deleted in between matters alone then: else what it had is
   * not found anyway.
   */
  private static @Nullable AgentState holder(Fold fold, String key) {
    String owner = (String) fold.value(key);
    AgentState agent = owner == null ? null : fold.agent(owner);
    if (agent == null || agent.session().status() != AgentStatus.DAMAGED) {
      return agent;
    }
    if (fold.owner(key) != null) {
      throw Refusal.damaged(agent);
    }
    return null;
  }

  private AgentState required(Fold fold, String id) {
    AgentState agent = agent(fold, id);
    if (agent == null) {
      throw noAgent(id);
    }
    return agent;
  }

  /** Whoever has a mailbox. */
  private AgentState mailbox(Fold fold, String id) {
    AgentState owner = id.equals(Session.USER) ? sound(fold, id) : agent(fold, id);
    if (owner == null) {
      throw noAgent(id);
    }
    return owner;
  }

  List<String> agentIds() {
    return runtime.read(
        fold -> {
          List<String> ids = new ArrayList<>();
          fold.scan(Keys.IDS).forEachRemaining(entry -> ids.add((String) entry.value()));
          return ids;
        });
  }

  Page<AgentSummary> agents(@Nullable AgentStatus status, int limit, @Nullable String cursor) {
    String prefix = status == null ? Keys.IDS : Keys.status(status);
    Function<Entry, String> id =
        line -> status == null ? (String) line.value() : Keys.last(line.key());
    return page(
        prefix,
        limit,
        cursor,
        line -> Keys.session(id.apply(line)),
        (fold, line) -> {
          AgentState agent = fold.agent(id.apply(line));
          return agent == null ? null : new AgentSummary(agent.session(), agent.sleep());
        });
  }

  AgentCounts counts() {
    return runtime.read(Fold::counts);
  }

  Task task(String taskId) {
    Task task = runtime.<@Nullable Task>read(fold -> task(fold, taskId));
    if (task == null) {
      throw noTask(taskId);
    }
    return task;
  }

  private static TorporException noTask(String taskId) {
    return TorporException.notFound(
        "task_not_found", "task_id", "task '" + taskId + "' does not exist");
  }

  private static @Nullable Task task(Fold fold, String taskId) {
    AgentState agent = holder(fold, Keys.anyTask(taskId));
    return agent == null ? null : agent.task(taskId);
  }

  List<Step> steps(Task task) {
    return runtime.read(
        fold -> {
          AgentState agent = fold.agent(task.agentId());
          return agent == null ? List.of() : agent.steps(task.taskId());
        });
  }

  Task await(String taskId, Duration timeout) {
    Task task = runtime.awaitTask(taskId, timeout, fold -> task(fold, taskId));
    if (task == null) {
      throw noTask(taskId);
    }
    return task;
  }

  Page<Task> tasks(
      @Nullable String agentId, @Nullable TaskStatus status, int limit, @Nullable String cursor) {
    if (agentId != null) {
      runtime.read(fold -> required(fold, agentId).version());
      String prefix = status == null ? Keys.tasks(agentId) : Keys.tasks(agentId, status);
      Function<Entry, String> key = line -> Keys.task(agentId, Keys.last(line.key()));
      return page(prefix, limit, cursor, key, (fold, line) -> (Task) fold.value(key.apply(line)));
    }
    return page(
        status == null ? Keys.TASKS : Keys.tasks(status),
        limit,
        cursor,
        line -> Keys.task((String) line.value(), Keys.last(line.key())),
        (fold, line) -> {
          Task task = task(fold, Keys.last(line.key()));
          return task == null || (status != null && task.status() != status) ? null : task;
        });
  }

  List<Message> messages(String agentId, long from, int limit) {
    checkLimit(limit);
    return runtime.read(
        fold -> {
          required(fold, agentId);
          List<Message> messages = new ArrayList<>();
          Iterator<Entry> lines =
              fold.scan(Keys.messages(agentId), Keys.message(agentId, Math.max(0, from)));
          while (lines.hasNext() && messages.size() < limit) {
            messages.add((Message) lines.next().value());
          }
          return messages;
        });
  }

  List<Message> lastMessages(String agentId, int count) {
    checkLimit(count);
    return runtime.read(
        fold -> {
          long total = required(fold, agentId).session().messages();
          List<Message> messages = new ArrayList<>();
          fold.scan(Keys.messages(agentId), Keys.message(agentId, Math.max(0, total - count)))
              .forEachRemaining(entry -> messages.add((Message) entry.value()));
          return messages;
        });
  }

  @Nullable Object memory(String agentId, String key) {
    return runtime.<@Nullable Object>read(
        fold -> {
          MemoryItem item = required(fold, agentId).memory(key);
          return item == null ? null : item.value();
        });
  }

  List<Mail> unreadMail(String agentId, int limit) {
    checkLimit(limit);
    return runtime.read(unread(agentId, limit));
  }

  private Function<Fold, List<Mail>> unread(String agentId, int limit) {
    return fold -> {
      AgentState agent = mailbox(fold, agentId);
      List<Mail> unread = new ArrayList<>();
      Iterator<Entry> lines = fold.scan(Keys.mail(agentId, MailStatus.UNREAD));
      while (lines.hasNext() && unread.size() < limit) {
        Mail mail = agent.mail(Keys.last(lines.next().key()));
        if (mail != null) {
          unread.add(mail);
        }
      }
      return unread;
    };
  }

  List<Mail> awaitMail(String agentId, int limit, Duration timeout) {
    checkLimit(limit);
    return runtime.awaitMail(agentId, timeout, unread(agentId, limit));
  }

  Page<Mail> mail(String agentId, @Nullable MailStatus status, int limit, @Nullable String cursor) {
    runtime.read(fold -> mailbox(fold, agentId).version());
    String prefix = status == null ? Keys.mail(agentId) : Keys.mail(agentId, status);
    Function<Entry, String> key = line -> Keys.mail(agentId, Keys.last(line.key()));
    return page(prefix, limit, cursor, key, (fold, line) -> (Mail) fold.value(key.apply(line)));
  }

  List<Mail> thread(String messageId) {
    return runtime.read(
        fold -> {
          Mail mail = mail(fold, messageId);
          if (mail == null) {
            throw TorporException.notFound(
                "mail_not_found", "message_id", "mail '" + messageId + "' does not exist");
          }
          List<Mail> thread = new ArrayList<>();
          Iterator<Entry> lines = fold.scan(Keys.thread(mail.threadId()));
          while (lines.hasNext() && thread.size() < Page.MAX_LIMIT) {
            Mail next = mail(fold, Keys.last(lines.next().key()));
            if (next != null) {
              thread.add(next);
            }
          }
          return thread;
        });
  }

  private static @Nullable Mail mail(Fold fold, String messageId) {
    AgentState agent = holder(fold, Keys.anyMail(messageId));
    if (agent == null) {
      return null;
    }
    Mail received = agent.mail(messageId);
    return received == null ? agent.sent(messageId) : received;
  }

  private interface Reader<T> {
    /** What a line of an index leads to; null when that is gone. */
    @Nullable T read(Fold fold, Entry line);
  }

  /**
   * @param key of what a line of the index leads to, first of all
   */
  private <T> Page<T> page(
      String prefix,
      int limit,
      @Nullable String cursor,
      Function<Entry, String> key,
      Reader<T> reader) {
    checkLimit(limit);
    String from = cursor == null ? prefix : prefix + decoded(cursor) + '\0';
    return runtime.read(
        fold -> {
          List<String> keys = new ArrayList<>();
          Iterator<Entry> ahead = fold.scan(prefix, from);
          while (ahead.hasNext() && keys.size() <= limit) {
            keys.add(key.apply(ahead.next()));
          }
          fold.need(keys);
          List<T> items = new ArrayList<>();
          String last = "";
          Iterator<Entry> lines = fold.scan(prefix, from);
          while (lines.hasNext()) {
            Entry line = lines.next();
            T item = reader.read(fold, line);
            if (item != null) {
              if (items.size() == limit) {
                return new Page<>(items, encoded(last));
              }
              items.add(item);
              last = line.key().substring(prefix.length());
            }
          }
          return new Page<>(items, null);
        });
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw TorporException.invalid("cursor", "this is no cursor of a list's");
    }
  }

  private static void checkLimit(int limit) {
    if (limit < 1 || limit > Page.MAX_LIMIT) {
      throw TorporException.invalid("limit", "a limit is 1 to " + Page.MAX_LIMIT);
    }
  }
}
