package dev.torpor.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One fact that became true. Its time is that of its commit. */
public sealed interface Change {

  /** A fact about one agent, and the version that it gives to it. */
  sealed interface OfAgent extends Change {
    String agent();

    /** One more than the agent's version before; 1 for a new agent. */
    long version();
  }

  /** A fact about what an agent is. */
  sealed interface OfSession extends OfAgent {}

  /** A fact about one of an agent's tasks. */
  sealed interface OfTask extends OfAgent {
    String taskId();
  }

  /** A fact about an agent's conversation or working memory. */
  sealed interface OfContext extends OfAgent {}

  /** A fact about an agent's sleep. */
  sealed interface OfSleep extends OfAgent {}

  /** A fact about an agent's mailbox. */
  sealed interface OfMail extends OfAgent {}

  /** A fact that is about no single agent. */
  sealed interface OfStore extends Change {}

  /** A fact about the import of what was in another store. */
  sealed interface OfImport extends Change {}

  // The session.

  /**
   * An agent came to be.
   *
   * @param started false: it is stopped at first
   */
  record AgentCreated(
      String agent,
      long version,
      String name,
      String behavior,
      Map<String, @Nullable Object> configuration,
      List<String> toolSets,
      Map<String, @Nullable Object> metadata,
      boolean started)
      implements OfSession {
    public AgentCreated {
      configuration = Json.freezeObject(configuration);
      toolSets = List.copyOf(toolSets);
      metadata = Json.freezeObject(metadata);
    }
  }

  /** What an agent is, was set anew: everything that is not null. */
  record AgentUpdated(
      String agent,
      long version,
      @Nullable String name,
      @Nullable String behavior,
      @Nullable Map<String, @Nullable Object> configuration,
      @Nullable List<String> toolSets,
      @Nullable Map<String, @Nullable Object> metadata)
      implements OfSession {
    public AgentUpdated {
      configuration = configuration == null ? null : Json.freezeObject(configuration);
      toolSets = toolSets == null ? null : List.copyOf(toolSets);
      metadata = metadata == null ? null : Json.freezeObject(metadata);
    }
  }

  /** A stopped agent goes on. */
  record AgentStarted(String agent, long version) implements OfSession {}

  /** An agent is to stop when its turn is over. */
  record StopRequested(String agent, long version) implements OfSession {}

  /** An agent stopped; its sleep, if it had one, is over. */
  record AgentStopped(String agent, long version) implements OfSession {}

  /**
   * A part of an agent was lost: what is left of it went to quarantine, and it runs nothing.
   *
   * @param version above all versions that it ever had; of one that is damaged already, its own
   * @param lostFrom the first version that is lost
   * @param lostTo the last one; null when nobody knows
   * @param what in words
   */
  record AgentDamaged(String agent, long version, long lostFrom, @Nullable Long lostTo, String what)
      implements OfSession {}

  /** An agent and all that it had is gone. */
  record AgentDeleted(String agent, long version) implements OfSession {}

  // Tasks.

  /** A task came. */
  record TaskSubmitted(String agent, long version, String taskId, TaskSpec spec)
      implements OfTask {}

  /** A task whose time was not yet come can run. */
  record TaskBecameDue(String agent, long version, String taskId) implements OfTask {}

  /** A turn began. */
  record TurnStarted(String agent, long version, String taskId) implements OfTask {}

  /** A step of the running turn has its result. */
  record StepCompleted(
      String agent, long version, String taskId, String name, @Nullable Object result)
      implements OfTask {
    public StepCompleted {
      result = Json.freeze(result);
    }
  }

  /** A turn was ended before it was over, by a stop; the task is in the queue again. */
  record TurnSuspended(String agent, long version, String taskId) implements OfTask {}

  /** A crash cut a turn off; the task is in the queue again. */
  record TurnRecovered(String agent, long version, String taskId) implements OfTask {}

  /** A run of a task failed; the next attempt is in the queue. */
  record TurnFailed(String agent, long version, String taskId, String error) implements OfTask {}

  record TaskCompleted(String agent, long version, String taskId, @Nullable Object result)
      implements OfTask {
    public TaskCompleted {
      result = Json.freeze(result);
    }
  }

  /** A task failed for good. */
  record TaskFailed(String agent, long version, String taskId, String error) implements OfTask {}

  record TaskCancelled(String agent, long version, String taskId, @Nullable String reason)
      implements OfTask {}

  /**
   * A task that a turn submitted to another agent could not be taken; it is kept with the sender.
   */
  record TaskRefused(String agent, long version, String taskId, TaskSpec spec, String error)
      implements OfTask {}

  // Context.

  /** A message is in the conversation history. */
  record MessageAppended(String agent, long version, Message message) implements OfContext {}

  record MemoryPut(String agent, long version, String key, @Nullable Object value)
      implements OfContext {
    public MemoryPut {
      value = Json.freeze(value);
    }
  }

  record MemoryRemoved(String agent, long version, String key) implements OfContext {}

  // Sleep.

  /** An agent fell asleep; a sleep that it was in is replaced. */
  record FellAsleep(String agent, long version, Sleep sleep) implements OfSleep {}

  /** An agent is to fall asleep when its turn is over. */
  record SleepRequested(String agent, long version, Sleep sleep) implements OfSleep {}

  /** A sleep that was asked for will not be. */
  record SleepDropped(String agent, long version, String reason) implements OfSleep {}

  /**
   * A sleep ended.
   *
   * @param reason {@code timer}, {@code manual_wake} or {@code event}, or words from outside
   * @param event the event that ended it; null when none did
   */
  record WokeUp(String agent, long version, String reason, @Nullable String event)
      implements OfSleep {}

  /** Somebody woke an agent in whose running turn a sleep may be asked for. */
  record ManuallyWoken(String agent, long version) implements OfSleep {}

  // Mail.

  /** A mail stands among what an agent sent. */
  record MailSent(String agent, long version, Mail mail) implements OfMail {}

  /** A mail is in an agent's mailbox. */
  record MailDelivered(String agent, long version, Mail mail) implements OfMail {}

  record MailRead(String agent, long version, List<String> messageIds) implements OfMail {
    public MailRead {
      messageIds = List.copyOf(messageIds);
    }
  }

  record MailReplied(String agent, long version, String messageId) implements OfMail {}

  record MailArchived(String agent, long version, String messageId) implements OfMail {}

  // What is about no single agent.

  /** An event was broadcast; its delivery begins. */
  record EventBroadcast(String event, @Nullable Object data, Broadcast.@Nullable Request request)
      implements OfStore {
    public EventBroadcast {
      data = Json.freeze(data);
    }
  }

  /**
   * A portion of a broadcast was delivered.
   *
   * @param broadcast the sequence number at which it was recorded
   * @param woken the agents that this portion woke
   */
  record BroadcastDelivered(long broadcast, List<String> woken) implements OfStore {
    public BroadcastDelivered {
      woken = List.copyOf(woken);
    }
  }

  /** Something came to a damaged agent, which cannot take it. */
  record DeliveryKept(String agent, Delivery delivery) implements OfStore {}

  /** What came to an agent while it was damaged is taken from where it was kept. */
  record DeliveryTaken(String agent, String delivery) implements OfStore {}

  /** A broadcast reached everybody. */
  record BroadcastEnded(long broadcast) implements OfStore {}

  /**
   * What agents had which were deleted is to be nowhere any more, whoever remembers it.
   *
   * @param upTo the sequence number up to which they were deleted
   */
  record ErasureBegun(long upTo) implements OfStore {}

  // Imports.

  /**
   * The import of an agent began; one that was here under its id, and one that was half imported,
   * is gone. There is no such agent until {@link AgentImported}.
   */
  record ImportBegun(String agent) implements OfImport {}

  /**
   * A damaged agent is being brought back. It stays damaged, with what came to it since, until
   * {@link AgentImported}; what was brought of it before that was cut off is gone.
   */
  record RestoreBegun(String agent) implements OfImport {}

  /**
   * Entries of an agent that is being imported, but for its session.
   *
   * @param portion one more than that before; 1 for the first, so that a lost one is noticed
   */
  record EntriesImported(String agent, long portion, List<ImportedEntry> entries)
      implements OfImport {
    public EntriesImported {
      entries = List.copyOf(entries);
    }
  }

  /**
   * An agent is here, with all that was imported of it.
   *
   * @param version above every version that an agent of this id had here
   * @param portions how many portions its entries came in
   * @param session as it was in the other store
   */
  record AgentImported(String agent, long version, long portions, Session session)
      implements OfImport {}

  /** An import that was cut off will not go on; nothing of it is left. */
  record ImportDropped(String agent) implements OfImport {}

  /** Entries that belong to no agent: those count of which there was none here. */
  record StoreEntriesImported(List<ImportedEntry> entries) implements OfImport {
    public StoreEntriesImported {
      entries = List.copyOf(entries);
    }
  }

  /**
   * A request under an idempotency key was carried out, in the same commit.
   *
   * @param agent the agent that it addressed, or the empty string
   */
  record RequestRemembered(
      String method, String agent, String key, String digest, @Nullable Object answer)
      implements OfStore {
    public RequestRemembered {
      answer = Json.freezeAround(answer);
    }
  }
}
