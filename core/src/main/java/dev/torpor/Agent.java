package dev.torpor;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.WakeEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent, by its id. A handle: it holds no state, and every call looks at the agent as it is
 * then. Thread-safe.
 */
public final class Agent {
  private final Torpor torpor;
  private final String id;

  Agent(Torpor torpor, String id) {
    this.torpor = torpor;
    this.id = id;
  }

  public String id() {
    return id;
  }

  /** The agent as it is now. */
  public AgentView view() {
    return torpor.view(id);
  }

  /** Submits a task with nothing but a prompt. */
  public Task submit(String prompt) {
    return submit(TaskSpec.of(prompt));
  }

  public Task submit(TaskSpec spec) {
    return ask(new Request.SubmitTask(id, spec));
  }

  /**
   * Waits until a task is finished, whatever its status then.
   *
   * @throws TorporException of kind {@code TIMEOUT} when it is not finished in time
   */
  public Task await(String taskId, Duration timeout) {
    Task task = torpor.await(taskId, timeout);
    if (!task.status().isFinished()) {
      throw TorporException.timeout(
          "task %s is %s after %s".formatted(taskId, task.status(), timeout));
    }
    return task;
  }

  /** Appends to the conversation history; gives the message's place. */
  public long append(Message message) {
    return ask(new Request.AppendMessage(id, message));
  }

  /** The last messages of the conversation history, oldest first; 1,000 at most. */
  public List<Message> history(int last) {
    return torpor.lastMessages(id, last);
  }

  /** The value of a key of the working memory; null when it is not there. */
  public @Nullable Object memory(String key) {
    return torpor.memory(id, key);
  }

  public void remember(String key, @Nullable Object value) {
    ask(new Request.PutMemory(id, key, value));
  }

  public void forget(String key) {
    ask(new Request.RemoveMemory(id, key));
  }

  /** Sleeps for a time, or until one of the events. */
  public AgentView sleep(Duration duration, WakeEvent... wakeEvents) {
    List<String> events = Arrays.stream(wakeEvents).map(WakeEvent::name).toList();
    return ask(new Request.PutToSleep(id, new SleepDraft(duration, null, events, null, false)));
  }

  public AgentView wake() {
    return ask(new Request.WakeAgent(id, null));
  }

  public AgentView start() {
    return ask(new Request.StartAgent(id));
  }

  /** Stops it; returns when a turn that ran has ended, which takes some seconds at most. */
  public AgentView stop() {
    return ask(new Request.StopAgent(id));
  }

  public void delete() {
    ask(new Request.DeleteAgent(id));
  }

  /** Sends a mail from this agent. */
  public Mail mail(String to, String subject, String body) {
    return ask(new Request.SendMail(MailDraft.of(id, to, subject, body))).mail().getFirst();
  }

  /** Its unread mail, oldest first. */
  public List<Mail> unreadMail() {
    return torpor.unreadMail(id, Page.DEFAULT_LIMIT);
  }

  private <R> R ask(Request<R> request) {
    return torpor.perform(request, Terms.NONE);
  }

  @Override
  public String toString() {
    return "agent " + id;
  }
}
