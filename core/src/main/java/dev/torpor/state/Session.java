package dev.torpor.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session of an agent: who it is, what it is doing, and the counts that spare a reader to
 * count.
 *
 * @param agentId its id, unique regardless of case
 * @param agentName a name for people
 * @param status what it is doing
 * @param version how many changes it has had, over deletions too
 * @param behavior the name of the code that runs its turns
 * @param configuration free settings of the behavior
 * @param toolSets names of the tools that it may use
 * @param metadata anything else that its users keep with it
 * @param createdAt when it was created
 * @param lastActivity when its last change became true
 * @param messages how long its conversation history is
 * @param tasks how many tasks it has, by status
 * @param mail how much mail it has
 * @param errorCount how many runs of its tasks failed
 * @param arrivals when what came to it last
 * @param sleepRequest a sleep that begins when the running turn is over; null when there is none
 * @param stopRequested whether it stops when the running turn is over
 */
public record Session(
    String agentId,
    String agentName,
    AgentStatus status,
    long version,
    String behavior,
    Map<String, @Nullable Object> configuration,
    List<String> toolSets,
    Map<String, @Nullable Object> metadata,
    Instant createdAt,
    Instant lastActivity,
    long messages,
    TaskCounts tasks,
    MailCounts mail,
    long errorCount,
    Arrivals arrivals,
    @Nullable Sleep sleepRequest,
    boolean stopRequested) {

  /** The mailbox that always exists, for people. */
  public static final String USER = "user";

  public Session {
    configuration = Json.freezeObject(configuration);
    toolSets = List.copyOf(toolSets);
    metadata = Json.freezeObject(metadata);
  }

  /** The session of a new agent. */
  static Session created(Change.AgentCreated c, Instant at) {
    return new Session(
        c.agent(),
        c.name(),
        c.started() ? AgentStatus.IDLE : AgentStatus.STOPPED,
        c.version(),
        c.behavior(),
        c.configuration(),
        c.toolSets(),
        c.metadata(),
        at,
        at,
        0,
        TaskCounts.NONE,
        MailCounts.NONE,
        0,
        Arrivals.NONE,
        null,
        false);
  }

  /** The session of an agent of which a part was lost; null where not even its session is left. */
  static Session damaged(
      Change.AgentDamaged c, @Nullable Session left, Instant createdAt, Instant at) {
    return new Session(
        c.agent(),
        left == null ? c.agent() : left.agentName,
        AgentStatus.DAMAGED,
        c.version(),
        left == null ? "unknown" : left.behavior,
        left == null ? Map.of() : left.configuration,
        left == null ? List.of() : left.toolSets,
        left == null ? Map.of() : left.metadata,
        createdAt,
        at,
        0,
        TaskCounts.NONE,
        MailCounts.NONE,
        left == null ? 0 : left.errorCount,
        Arrivals.NONE,
        null,
        false);
  }

  /** Whether a turn of it may begin, if a task of it is due and its behavior is known. */
  public boolean mayRun() {
    return status.mayBegin() && tasks.pending() > 0;
  }

  /** A mutable copy; {@link Edit#done()} makes a session of it again. */
  Edit edit() {
    return new Edit(this);
  }

  /** A session being changed by one change. Confined to the fold. */
  static final class Edit {
    private final Session from;
    String agentName;
    AgentStatus status;
    long version;
    String behavior;
    Map<String, @Nullable Object> configuration;
    List<String> toolSets;
    Map<String, @Nullable Object> metadata;
    Instant lastActivity;
    long messages;
    TaskCounts tasks;
    MailCounts mail;
    long errorCount;
    Arrivals arrivals;
    @Nullable Sleep sleepRequest;
    boolean stopRequested;

    private Edit(Session from) {
      this.from = from;
      agentName = from.agentName;
      status = from.status;
      version = from.version;
      behavior = from.behavior;
      configuration = from.configuration;
      toolSets = from.toolSets;
      metadata = from.metadata;
      lastActivity = from.lastActivity;
      messages = from.messages;
      tasks = from.tasks;
      mail = from.mail;
      errorCount = from.errorCount;
      arrivals = from.arrivals;
      sleepRequest = from.sleepRequest;
      stopRequested = from.stopRequested;
    }

    Session done() {
      return new Session(
          from.agentId,
          agentName,
          status,
          version,
          behavior,
          configuration,
          toolSets,
          metadata,
          from.createdAt,
          lastActivity,
          messages,
          tasks,
          mail,
          errorCount,
          arrivals,
          sleepRequest,
          stopRequested);
    }
  }
}
