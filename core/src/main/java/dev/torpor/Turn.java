package dev.torpor;

import dev.torpor.rules.MailDraft;
import dev.torpor.rules.SleepDraft;
import dev.torpor.runtime.TurnRun;
import dev.torpor.state.Json;
import dev.torpor.state.Mail;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Priority;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.WakeEvent;
import dev.torpor.store.JsonStateSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One run of a behavior on one task.
 *
 * <p>A step's result is durable when the step returns. Everything else that a turn does (messages,
 * memory, mail, tasks, sleep) becomes true together, with the task's completion, when the turn
 * returns; until then the turn alone sees it, and when the turn throws, it never was. After a
 * restart the turn runs again from its beginning, and its finished steps give what they gave.
 * Thread-safe.
 */
public final class Turn {
  private final TurnRun run;
  private @Nullable Object result;

  Turn(TurnRun run) {
    this.run = run;
  }

  /** The task as it was when the turn began. */
  public Task task() {
    return run.task();
  }

  public String agentId() {
    return run.task().agentId();
  }

  /**
   * Does a piece of work once in the life of the task: its result is durable when this returns, and
   * is what every later run of the turn gets without doing the work again. A turn that is asked to
   * end ends at its next step.
   *
   * @param name names the step; the second use of a name in a turn is {@code name#2}, and so on.
   *     Steps that run side by side need different names.
   * @param work gives a result of JSON's own types; numbers come back in their smallest type
   * @return the result as it is read back
   * @throws IllegalArgumentException when the result is not JSON
   * @throws StepFailedException when the work threw a checked exception
   */
  // The result is the work's, read back: JSON's types stay what they are, and null stays null.
  @SuppressWarnings({"unchecked", "NullAway"})
  public <T extends @Nullable Object> T step(String name, Callable<? extends T> work) {
    return (T) recorded(name, work);
  }

  /** {@link #step(String, Callable)} with a result of any type that Jackson can write and read. */
  public <T> T step(String name, Class<T> type, Callable<? extends T> work) {
    return JsonStateSerializer.fromJson(
        recorded(name, () -> JsonStateSerializer.toJson(work.call())), type);
  }

  /** {@link #step(String, Callable)} for work that gives nothing. */
  public void step(String name, Work work) {
    recorded(
        name,
        () -> {
          work.run();
          return null;
        });
  }

  /** Work that may throw and gives nothing. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  private @Nullable Object recorded(String name, Callable<?> work) {
    try {
      return run.step(name, work);
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailedException(name, e);
    } catch (Exception e) {
      throw new StepFailedException(name, e);
    }
  }

  /** A key to hand to the outside world with a step's work: the same in every run of the task. */
  public String idempotencyKey(String step) {
    return run.idempotencyKey(step);
  }

  /** Appends to the conversation history. */
  public void append(Message message) {
    translating(() -> run.append(message));
  }

  public History history() {
    return new History();
  }

  public Memory memory() {
    return new Memory();
  }

  /** Begins a mail to an agent or to {@code user}. */
  public Letter mail(String to) {
    return new Letter(List.of(to));
  }

  /** Begins a mail to each of several. */
  public Letter mail(List<String> to) {
    return new Letter(to);
  }

  /** Unread mail that this turn has not acknowledged, oldest first, 1,000 at most. */
  public List<Mail> unreadMail() {
    return run.unread(Page.MAX_LIMIT);
  }

  /** Marks mail read when the turn is over. */
  public void acknowledge(List<Mail> mail) {
    translating(() -> run.acknowledge(mail.stream().map(Mail::messageId).toList()));
  }

  /** Submits a task to an agent when the turn is over; the id is the one that it will have. */
  public String submit(String agentId, TaskSpec spec) {
    return TorporException.translating(() -> run.submit(agentId, spec));
  }

  /** The task's result: any JSON value. */
  public void result(@Nullable Object result) {
    this.result = Json.freeze(result);
  }

  @Nullable Object result() {
    return result;
  }

  /**
   * The agent sleeps when this turn is over; when it wakes, a task of type {@code wake} follows.
   */
  public void thenSleep(Duration duration, WakeEvent... wakeEvents) {
    sleep(duration, null, wakeEvents);
  }

  /** {@link #thenSleep(Duration, WakeEvent...)} until a time of the wall clock. */
  public void thenSleepUntil(Instant until, WakeEvent... wakeEvents) {
    sleep(null, until, wakeEvents);
  }

  /** {@link #thenSleep(Duration, WakeEvent...)} until one of the events, however long it takes. */
  public void thenSleepUntil(WakeEvent... wakeEvents) {
    sleep(null, null, wakeEvents);
  }

  private void sleep(
      @Nullable Duration duration, @Nullable Instant until, WakeEvent... wakeEvents) {
    List<String> events = Arrays.stream(wakeEvents).map(WakeEvent::name).toList();
    translating(() -> run.sleep(new SleepDraft(duration, until, events, null, true)));
  }

  private static void translating(Runnable action) {
    TorporException.translating(
        () -> {
          action.run();
          return true;
        });
  }

  /** The conversation history as this turn sees it. */
  public final class History {
    private History() {}

    /** The last messages, oldest first; what this turn appended is among them. */
    public List<Message> last(int count) {
      return run.lastMessages(count);
    }
  }

  /** The working memory as this turn sees it. */
  public final class Memory {
    private Memory() {}

    /** The value of a key; null when it is not there. */
    public @Nullable Object get(String key) {
      MemoryItem item = run.memory(key);
      return item == null ? null : item.value();
    }

    /** Sets a key to any JSON value. */
    public void put(String key, @Nullable Object value) {
      translating(() -> run.put(key, value));
    }

    public void remove(String key) {
      translating(() -> run.remove(key));
    }
  }

  /** A mail being written. Nothing is sent before {@link #send()}. */
  public final class Letter {
    private MailDraft draft;

    private Letter(List<String> to) {
      draft = new MailDraft(agentId(), to, "", "", Priority.NORMAL, null, false, null, Map.of());
    }

    public Letter subject(String subject) {
      draft = draft.subject(subject);
      return this;
    }

    public Letter body(String body) {
      draft = draft.body(body);
      return this;
    }

    public Letter priority(Priority priority) {
      draft = draft.priority(priority);
      return this;
    }

    /** Makes it an answer to a mail. */
    public Letter replyTo(Mail mail) {
      return replyTo(mail.messageId());
    }

    /** {@link #replyTo(Mail)}, by the mail's id. */
    public Letter replyTo(String messageId) {
      draft = draft.replyTo(messageId);
      return this;
    }

    public Letter expectsReply() {
      draft = draft.expectsReply(true, null);
      return this;
    }

    /** {@link #expectsReply()} until a time. */
    public Letter expectsReply(Instant by) {
      draft = draft.expectsReply(true, by);
      return this;
    }

    public Letter metadata(Map<String, @Nullable Object> metadata) {
      draft = draft.metadata(metadata);
      return this;
    }

    /** Sends it when the turn is over; gives the ids that the mails will have. */
    public List<String> send() {
      return TorporException.translating(() -> run.send(draft));
    }
  }
}
