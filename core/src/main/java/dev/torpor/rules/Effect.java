package dev.torpor.rules;

import dev.torpor.state.Message;
import dev.torpor.state.TaskSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a turn did, which becomes true at its next boundary, in order. */
public sealed interface Effect {
  record Append(Message message) implements Effect {}

  record Put(String key, @Nullable Object value) implements Effect {}

  record Remove(String key) implements Effect {}

  /** One mail to each addressee; their ids were given when the turn sent them. */
  record Send(List<String> messageIds, MailDraft mail) implements Effect {
    public Send {
      messageIds = List.copyOf(messageIds);
    }
  }

  record Acknowledge(List<String> messageIds) implements Effect {
    public Acknowledge {
      messageIds = List.copyOf(messageIds);
    }
  }

  record Submit(String agentId, String taskId, TaskSpec spec) implements Effect {}
}
