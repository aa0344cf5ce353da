package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Erased;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Mail;
import dev.torpor.state.Remembered;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The door of this room: one way in for each request, for timers and for recovery. */
public final class Rules {
  private Rules() {}

  /** Decides a request. */
  @SuppressWarnings("unchecked") // each request's answer is of the type that it names
  public static <R> R decide(Draft draft, Request<R> request, Terms terms) {
    String agent = addressed(draft, request);
    checkVersion(draft, agent, request, terms);
    if (request instanceof Request.OfAgent<R> && !(request instanceof Request.SendMail)) {
      checkNotUser(agent, request);
    }
    Object answer =
        switch (request) {
          case Request.CreateAgent r -> AgentRules.create(draft, r);
          case Request.UpdateAgent r -> AgentRules.update(draft, r);
          case Request.StartAgent _ -> AgentRules.start(draft, agent);
          case Request.StopAgent _ -> AgentRules.stop(draft, agent);
          case Request.DeleteAgent _ -> {
            AgentRules.delete(draft, agent);
            yield true;
          }
          case Request.PutToSleep r -> SleepRules.putToSleep(draft, r);
          case Request.WakeAgent r -> SleepRules.wake(draft, r);
          case Request.SubmitTask r -> TaskRules.submit(draft, r);
          case Request.CancelTask r -> TaskRules.cancel(draft, agent, r);
          case Request.AppendMessage r -> append(draft, r);
          case Request.PutMemory r -> putMemory(draft, r);
          case Request.RemoveMemory r -> removeMemory(draft, r);
          case Request.SendMail r -> MailRules.send(draft, r);
          case Request.TakeMail r -> MailRules.take(draft, r);
          case Request.AcknowledgeMail r -> MailRules.acknowledge(draft, r);
          case Request.ReplyToMail r -> MailRules.reply(draft, r);
          case Request.ArchiveMail r -> MailRules.archive(draft, agent, r.id());
        };
    return (R) answer;
  }

  /** The method of the API that a request is, under which idempotency keys count. */
  public static String method(Request<?> request) {
    return request
        .getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  /** The type of a request's answer. */
  @SuppressWarnings("unchecked")
  public static <R> Class<R> answerType(Request<R> request) {
    Class<?> type =
        switch (request) {
          case Request.CreateAgent _,
              Request.UpdateAgent _,
              Request.StartAgent _,
              Request.StopAgent _,
              Request.PutToSleep _,
              Request.WakeAgent _ ->
              AgentView.class;
          case Request.DeleteAgent _, Request.PutMemory _, Request.RemoveMemory _ -> Boolean.class;
          case Request.SubmitTask _, Request.CancelTask _ -> Task.class;
          case Request.AppendMessage _, Request.AcknowledgeMail _ -> Long.class;
          case Request.SendMail _, Request.TakeMail _ -> Request.MailList.class;
          case Request.ReplyToMail _, Request.ArchiveMail _ -> Mail.class;
        };
    return (Class<R>) type;
  }

  /**
   * The agent that a request addresses.
   *
   * @throws Refusal when its id is none, or the task or mail that it names does not exist
   */
  public static String addressed(Draft draft, Request<?> request) {
    return switch (request) {
      case Request.OfAgent<?> r -> {
        Names.checkId(
            r.agentId(), r instanceof Request.SendMail ? "from" : "agent_id", draft.limits());
        yield r.agentId();
      }
      case Request.CancelTask r -> owner(draft, Keys.anyTask(r.id()), TaskRules.notFound(r.id()));
      case Request.ById<?> r ->
          owner(
              draft,
              Keys.anyMail(r.id()),
              Refusal.notFound(
                  "mail_not_found", "message_id", "mail '%s' does not exist", Names.shown(r.id())));
    };
  }

  /**
   * Checks the form of an agent's id, before anybody looks for the agent.
   *
   * @throws Refusal when it is no id
   */
  public static void checkId(String id, Limits limits) {
    Names.checkId(id, "agent_id", limits);
  }

  private static String owner(Draft draft, String key, Refusal missing) {
    String owner = draft.fold().owner(key);
    if (owner == null) {
      throw missing;
    }
    return owner;
  }

  /** The mailbox for people has mail and nothing else. */
  private static void checkNotUser(String agent, Request<?> request) {
    boolean mail =
        request instanceof Request.TakeMail || request instanceof Request.AcknowledgeMail;
    if (agent.equals(Session.USER) && !mail && !(request instanceof Request.CreateAgent)) {
      throw Refusal.notFound(
          "agent_not_found", "agent_id", "'user' is a mailbox for people and no agent");
    }
  }

  /** Of an agent that is not there, only the one that is to be created has a version to expect. */
  private static void checkVersion(Draft draft, String agent, Request<?> request, Terms terms) {
    Long expected = terms.expectedVersion();
    if (expected != null) {
      AgentState state =
          request instanceof Request.CreateAgent ? draft.find(agent) : draft.agent(agent);
      long version = state == null ? draft.lastVersion(agent) : state.version();
      if (version != expected) {
        throw Refusal.conflict(
            "version_conflict",
            "expected_version",
            "agent '%s' is at version %d, not %d; read it again",
            agent,
            version,
            expected);
      }
    }
  }

  /**
   * What a request under an idempotency key was answered before.
   *
   * @return null when it was not, or longer ago than keys are kept
   * @throws Refusal when the key was used with other parameters, or the answer was erased with the
   *     agent
   */
  public static @Nullable Remembered remembered(
      Draft draft, String method, String agent, String key, String digest, Duration kept) {
    Names.checkIdempotencyKey(key);
    Entry entry = draft.fold().get(Keys.remembered(method, agent, draft.fold().names().name(key)));
    Remembered before = entry == null ? null : (Remembered) entry.value();
    if (entry == null || before == null || age(before.at(), draft).compareTo(kept) > 0) {
      return null;
    }
    if (!before.digest().equals(digest)) {
      throw keyReused();
    }
    if (before.answer() == null || isErased(draft, agent, entry.seq())) {
      throw Refusal.notFound(
          "answer_erased",
          "idempotency_key",
          "this request was carried out; what it was answered was erased with agent '%s'",
          agent);
    }
    return before;
  }

  /** Whether an agent was deleted behind a commit, and what it had is erased. */
  private static boolean isErased(Draft draft, String agent, long seq) {
    Erased erased = (Erased) draft.fold().value(Keys.ERASED);
    if (erased == null) {
      return false;
    }
    Entry deleted = draft.fold().get(Keys.deleted(agent));
    return deleted != null && seq < deleted.seq() && deleted.seq() <= erased.upTo();
  }

  /**
   * Decides that nobody is given again what agents had that were deleted until now: not even who
   * repeats a request under its idempotency key.
   */
  public static void erase(Draft draft) {
    draft.emit(new Change.ErasureBegun(draft.stamp().seq() - 1));
  }

  static Refusal keyReused() {
    return Refusal.conflict(
        "idempotency_key_reused",
        "idempotency_key",
        "this idempotency key was used with other parameters");
  }

  /** How long ago something was. An age can be held against any limit, "for ever" included. */
  private static Duration age(Instant then, Draft draft) {
    return Duration.between(then, draft.now());
  }

  private static long append(Draft draft, Request.AppendMessage r) {
    Names.checkText(r.message(), draft);
    draft.agent(r.agentId());
    return TurnRules.append(draft, r.agentId(), r.message(), null);
  }

  private static boolean putMemory(Draft draft, Request.PutMemory r) {
    String id = r.agentId();
    Names.checkMemory(r.key(), r.value(), draft.limits());
    draft.agent(id);
    draft.emit(id, v -> new Change.MemoryPut(id, v, r.key(), r.value()));
    return true;
  }

  private static boolean removeMemory(Draft draft, Request.RemoveMemory r) {
    String id = r.agentId();
    Names.checkMemory(r.key(), null, draft.limits());
    if (draft.agent(id).memory(r.key()) == null) {
      return false;
    }
    draft.emit(id, v -> new Change.MemoryRemoved(id, v, r.key()));
    return true;
  }

  /** What happens once in the life of a store: the mailbox for people comes to be. */
  public static void prepare(Draft draft) {
    if (draft.find(Session.USER) == null) {
      AgentRules.createUser(draft);
    }
  }

  /** What must be decided when a process starts: the tasks that were in progress go on. */
  public static void recover(Draft draft, String agentId) {
    TurnRules.recover(draft, agentId);
  }

  /** Deletes an agent that has rested for some time and has nothing to do; false when it stays. */
  public static boolean cleanUp(Draft draft, String agentId, Duration maxAge) {
    AgentState agent = draft.find(agentId);
    if (agent == null) {
      return false;
    }
    Session session = agent.session();
    boolean rests =
        switch (session.status()) {
          case IDLE, STOPPED -> true;
          case ACTIVE, WAITING, SLEEPING, DAMAGED -> false;
        };
    if (!rests
        || session.tasks().pending() > 0
        || session.tasks().waiting() > 0
        || session.mail().unread() > 0
        || session.mail().pendingReplies() > 0
        || age(session.lastActivity(), draft).compareTo(maxAge) < 0) {
      return false;
    }
    AgentRules.delete(draft, agentId);
    return true;
  }

  /** The agents that had a task in progress. */
  public static List<String> interrupted(EntrySource entries) {
    List<String> agents = new ArrayList<>();
    Iterator<Entry> lines = entries.scan(Keys.tasks(TaskStatus.IN_PROGRESS));
    while (lines.hasNext()) {
      agents.add((String) lines.next().value());
    }
    return agents;
  }

  /** Carries out what is due under a key of {@link Keys#DUE}; false when it is not. */
  public static boolean due(Draft draft, String dueKey) {
    String[] parts = dueKey.substring(Keys.DUE.length()).split("/");
    return parts[2].equals(Keys.DUE_SLEEP)
        ? SleepRules.wakeInTime(draft, parts[1])
        : TaskRules.becomeDue(draft, parts[1], parts[3]);
  }
}
