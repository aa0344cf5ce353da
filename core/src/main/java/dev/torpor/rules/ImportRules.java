package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Importing;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Mail;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Imports: agents that come from another store, whole or not at all. One in a commit of its own,
 * when it fits; a larger one in portions, and it is there with the last of them.
 */
public final class ImportRules {
  private ImportRules() {}

  /**
   * Checks whether an agent can be imported.
   *
   * @param entries all of it but its session
   * @param replace whether it may take the place of one that is here
   * @param inOneCommit whether it fits into one commit: an agent is only replaced at once
   * @throws Refusal when it cannot
   */
  public static void check(
      Fold fold,
      Session session,
      List<ImportedEntry> entries,
      boolean replace,
      boolean inOneCommit,
      Limits limits) {
    checkPlace(fold, session, replace, inOneCommit, limits);
    checkOwners(fold, session.agentId(), entries);
  }

  /**
   * The part of {@link #check} that somebody may change until the import begins: whether there is
   * an agent that would be lost.
   *
   * @throws Refusal when there is
   */
  public static void checkPlace(
      Fold fold, Session session, boolean replace, boolean inOneCommit, Limits limits) {
    String id = session.agentId();
    Names.checkId(id, "agent_id", limits);
    if (Names.isUser(id) && !id.equals(Session.USER)) {
      throw Refusal.invalid("agent_id", "'%s' is the mailbox for people and no agent", id);
    }
    checkId(fold, id);
    AgentState existing = fold.agent(id);
    if (existing != null && !isUntouchedMailbox(existing)) {
      if (!replace) {
        throw Refusal.conflict(
            "agent_exists",
            "agent_id",
            "%s is here already; say that it may be replaced (--force), or delete it first",
            id.equals(Session.USER) ? "mail to 'user'" : "agent '" + id + "'");
      }
      if (existing.session().status() == AgentStatus.ACTIVE) {
        throw Refusal.conflict(
            "agent_active", "agent_id", "a turn of agent '%s' runs; stop it first", id);
      }
      if (!inOneCommit) {
        throw Refusal.limit(
            "max_line_bytes",
            "agent_id",
            "agent '%s' is too large to be replaced at once; delete it first, then import",
            id);
      }
    }
  }

  private static void checkId(Fold fold, String id) {
    Object taken = id.equals(Session.USER) ? null : fold.value(Keys.id(id));
    if (taken != null && !taken.equals(id)) {
      throw Refusal.conflict(
          "agent_exists",
          "agent_id",
          "agent '%s' would differ from '%s' in case only; ids are unique regardless of it",
          id,
          taken);
    }
  }

  /**
   * The mailbox for people is in every store; where nothing ever came, there is nothing to lose.
   */
  private static boolean isUntouchedMailbox(AgentState agent) {
    return agent.session().agentId().equals(Session.USER) && agent.version() == 1;
  }

  /** Tasks and mails have ids that are unique in the whole store. */
  private static void checkOwners(Fold fold, String id, List<ImportedEntry> entries) {
    List<String> keys = new ArrayList<>();
    for (ImportedEntry entry : entries) {
      if (entry.value() instanceof Task task) {
        keys.add(Keys.anyTask(task.taskId()));
      } else if (entry.value() instanceof Mail mail && mail.to().equals(id)) {
        keys.add(Keys.anyMail(mail.messageId()));
      }
    }
    fold.need(keys);
    for (String key : keys) {
      String owner = (String) fold.value(key);
      String its = key.startsWith(Keys.TASKS) ? "task" : "mail";
      String there =
          its.equals("task")
              ? Keys.task(owner + "", Keys.last(key))
              : Keys.mail(owner + "", Keys.last(key));
      if (owner != null && !owner.equals(id) && fold.value(there) != null) {
        throw Refusal.conflict(
            its + "_exists",
            "agent_id",
            "%s %s of agent '%s' is here already, with agent '%s'",
            its,
            Keys.last(key),
            id,
            owner);
      }
    }
  }

  /** Begins an import that {@link #check} has let pass. */
  public static void begin(Draft draft, String id) {
    draft.emit(new Change.ImportBegun(id));
  }

  /**
   * Begins to bring a damaged agent back, of which nothing that is newer can be read.
   *
   * @param entries all of it but its session
   * @throws Refusal when it is not there or not damaged, or has what is another's by now
   */
  public static void beginRestore(Draft draft, String id, List<ImportedEntry> entries) {
    checkDamaged(draft.fold(), id);
    checkOwners(draft.fold(), id, entries);
    draft.emit(new Change.RestoreBegun(id));
  }

  /**
   * Checks that an agent is damaged.
   *
   * @throws Refusal when it is not, or not there
   */
  public static void checkDamaged(Fold fold, String id) {
    AgentState agent = fold.agent(id);
    if (agent == null) {
      throw Refusal.notFound(
          "agent_not_found", "agent_id", "agent '%s' does not exist", Names.shown(id));
    }
    if (agent.session().status() != AgentStatus.DAMAGED) {
      throw Refusal.conflict(
          "not_damaged", "agent_id", "agent '%s' is not damaged; nothing is brought back", id);
    }
  }

  /**
   * Checks that what began is still going on: that the agent was not deleted meanwhile, nor another
   * import of it begun.
   *
   * @param since the sequence number at which it began
   * @throws Refusal when it is not
   */
  public static void checkGoesOn(Draft draft, String id, long since) {
    Importing importing = (Importing) draft.fold().value(Keys.importing(id));
    if (importing == null || importing.since() != since) {
      throw Refusal.conflict(
          "agent_deleted",
          "agent_id",
          "agent '%s' was deleted meanwhile, or imported once more; this ends here",
          id);
    }
  }

  /** Adds a portion of entries, of one agent, without its session. */
  public static void add(Draft draft, String id, List<ImportedEntry> entries) {
    draft.emit(new Change.EntriesImported(id, portions(draft, id) + 1, entries));
  }

  private static long portions(Draft draft, String id) {
    Importing importing = (Importing) draft.fold().value(Keys.importing(id));
    return importing == null ? 0 : importing.portions();
  }

  /** Adds entries that belong to no agent. */
  public static void addToStore(Draft draft, List<ImportedEntry> entries) {
    draft.emit(new Change.StoreEntriesImported(entries));
  }

  /**
   * Ends an import: the agent is there. A turn that ran when it was exported counts as cut off by a
   * crash.
   *
   * @param above the version of the agent that it has replaced; 0 when there was none
   */
  public static void end(Draft draft, Session session, long above) {
    String id = session.agentId();
    long last = Math.max(above, draft.lastVersion(id));
    long version = Math.max(session.version(), last + 1);
    draft.emit(new Change.AgentImported(id, version, portions(draft, id), session));
    TurnRules.recover(draft, id);
  }

  /** The highest version that an agent of an id has or had; 0 when there was none. */
  public static long lastVersion(Draft draft, String id) {
    AgentState agent = draft.find(id);
    return agent == null ? draft.lastVersion(id) : agent.version();
  }

  /** Takes an import back that was cut off. */
  public static void drop(Draft draft, String id) {
    if (draft.fold().value(Keys.importing(id)) != null) {
      draft.emit(new Change.ImportDropped(id));
    }
  }

  /** {@link #drop(Draft, String)} of the one that began then, and of no other. */
  public static void drop(Draft draft, String id, long since) {
    if (draft.fold().value(Keys.importing(id)) instanceof Importing importing
        && importing.since() == since) {
      drop(draft, id);
    }
  }

  /** The agents whose import was cut off. */
  public static List<String> cutOff(Fold fold) {
    List<String> agents = new ArrayList<>();
    Iterator<Entry> lines = fold.scan(Keys.IMPORTS);
    lines.forEachRemaining(line -> agents.add(((Importing) line.value()).agentId()));
    return agents;
  }
}
