package dev.torpor.rules;

import dev.torpor.state.Json;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked from outside; the answer's type is the parameter. A request's fields are what
 * its digest is made of, so they are what the asker said and nothing that was worked out from it.
 */
public sealed interface Request<R> {

  /** A request about one agent, which is named in it. */
  sealed interface OfAgent<R> extends Request<R> {
    String agentId();
  }

  /** A request about an agent that is found by a task or a mail of it. */
  sealed interface ById<R> extends Request<R> {
    String id();
  }

  record CreateAgent(
      String agentId,
      @Nullable String name,
      String behavior,
      Map<String, @Nullable Object> configuration,
      List<String> toolSets,
      Map<String, @Nullable Object> metadata,
      boolean autoStart)
      implements OfAgent<AgentView> {
    public CreateAgent {
      configuration = Json.freezeObject(configuration);
      toolSets = List.copyOf(toolSets);
      metadata = Json.freezeObject(metadata);
    }
  }

  /** What is null stays as it is. */
  record UpdateAgent(
      String agentId,
      @Nullable String name,
      @Nullable String behavior,
      @Nullable Map<String, @Nullable Object> configuration,
      @Nullable List<String> toolSets,
      @Nullable Map<String, @Nullable Object> metadata)
      implements OfAgent<AgentView> {}

  record StartAgent(String agentId) implements OfAgent<AgentView> {}

  /** Stops an agent, or asks for it while a turn runs. */
  record StopAgent(String agentId) implements OfAgent<AgentView> {}

  record DeleteAgent(String agentId) implements OfAgent<Boolean> {}

  record PutToSleep(String agentId, SleepDraft sleep) implements OfAgent<AgentView> {}

  record WakeAgent(String agentId, @Nullable String reason) implements OfAgent<AgentView> {}

  record SubmitTask(String agentId, TaskSpec spec) implements OfAgent<Task> {}

  record CancelTask(String id, @Nullable String reason) implements ById<Task> {}

  record AppendMessage(String agentId, Message message) implements OfAgent<Long> {}

  record PutMemory(String agentId, String key, @Nullable Object value) implements OfAgent<Boolean> {
    public PutMemory {
      value = Json.freeze(value);
    }
  }

  record RemoveMemory(String agentId, String key) implements OfAgent<Boolean> {}

  /** The answer is one mail for each addressee. */
  record SendMail(MailDraft mail) implements OfAgent<MailList> {
    @Override
    public String agentId() {
      return mail.from();
    }
  }

  /** Reads unread mail and marks it read. */
  record TakeMail(String agentId, int limit) implements OfAgent<MailList> {}

  /** The answer is how many mails, of those named, are now read. */
  record AcknowledgeMail(String agentId, List<String> messageIds) implements OfAgent<Long> {
    public AcknowledgeMail {
      messageIds = List.copyOf(messageIds);
    }
  }

  /**
   * @param from who replies; null: the mail's addressee, who is the only one who may
   */
  record ReplyToMail(String id, @Nullable String from, String body) implements ById<Mail> {}

  record ArchiveMail(String id) implements ById<Mail> {}

  /** Several mails as one answer. */
  record MailList(List<Mail> mail) {
    public MailList {
      mail = List.copyOf(mail);
    }
  }
}
