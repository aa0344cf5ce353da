package dev.torpor.state;

import java.util.ArrayList;
import java.util.List;

/**
 * What the changes of an import do to the entries.
 *
 * <p>Between its first and its last change an agent has no session, so for all who look there is no
 * such agent, whatever entries and index entries of it are there already; its id is taken, and
 * {@code ~import/} says by whom, since when, and how many portions are here: one that does not
 * follow shows that another was lost. The last change puts the session, and the agent is there as a
 * whole. What is cut off in between is dropped by one removal of its prefix.
 *
 * <p>A damaged agent that is brought back stays what it is until the last change, which puts the
 * session in the place of the damaged one; so it is never not there.
 *
 * <p>Sequence numbers are each store's own. Those in values become that of the import, as if what
 * they tell of had begun with it; an event of the other store becomes older than everything here.
 */
final class ImportFold {
  private final Fold fold;
  private final Stamp stamp;

  private ImportFold(Fold fold, Stamp stamp) {
    this.fold = fold;
    this.stamp = stamp;
  }

  static void apply(Fold fold, Change.OfImport change, Stamp stamp) {
    ImportFold self = new ImportFold(fold, stamp);
    switch (change) {
      case Change.ImportBegun c -> self.begin(c.agent());
      case Change.RestoreBegun c -> self.beginRestore(c.agent());
      case Change.EntriesImported c -> self.add(c);
      case Change.AgentImported c -> self.end(c);
      case Change.ImportDropped c -> self.drop(c.agent());
      case Change.StoreEntriesImported c -> self.addToStore(c.entries());
    }
  }

  private void begin(String agent) {
    AgentFold.clear(fold, agent);
    fold.put(Keys.importing(agent), 0, new Importing(agent, stamp.seq(), 0));
    if (!agent.equals(Session.USER)) {
      fold.put(Keys.id(agent), 0, agent);
    }
  }

  private void beginRestore(String agent) {
    AgentFold.clearBesideLoss(fold, agent);
    fold.put(Keys.importing(agent), 0, new Importing(agent, stamp.seq(), 0));
  }

  private void add(Change.EntriesImported c) {
    String agent = c.agent();
    List<ImportedEntry> entries = c.entries();
    Importing before = (Importing) fold.required(Keys.importing(agent));
    checkPortions(agent, before, c.portion() - 1);
    Importing now = new Importing(agent, before.since(), c.portion());
    fold.put(Keys.importing(agent), 0, now);
    List<String> tasks = new ArrayList<>();
    for (ImportedEntry entry : entries) {
      if (!entry.key().startsWith(Keys.agent(agent)) || entry.value() instanceof Session) {
        throw new IllegalStateException("entry " + entry.key() + " among those of " + agent);
      }
      if (entry.value() instanceof Task task) {
        tasks.add(Keys.anyTask(task.taskId()));
      }
    }
    fold.need(tasks);
    for (ImportedEntry entry : entries) {
      if (entry.value() instanceof Task task) {
        forget(task);
      }
      fold.replace(entry.key(), entry.version(), null, rebased(entry.value()));
    }
  }

  private static void checkPortions(String agent, Importing importing, long portions) {
    if (importing.portions() != portions) {
      throw new IllegalStateException(
          "of agent '%s' are %d portions here, where %d must be"
              .formatted(agent, importing.portions(), portions));
    }
  }

  /** Of a task that was here before, and went with its agent, lists may still have a line. */
  private void forget(Task task) {
    if (fold.value(Keys.anyTask(task.taskId())) != null) {
      for (TaskStatus status : TaskStatus.values()) {
        if (status != task.status()) {
          fold.removeLine(Keys.tasks(status) + task.taskId());
        }
      }
    }
  }

  private void end(Change.AgentImported c) {
    String agent = c.agent();
    checkPortions(agent, (Importing) fold.required(Keys.importing(agent)), c.portions());
    Deleted deleted = (Deleted) fold.value(Keys.deleted(agent));
    if (c.version() < 1 || (deleted != null && c.version() <= deleted.version())) {
      throw new IllegalStateException(
          "agent '%s' is imported at version %d".formatted(agent, c.version()));
    }
    Session.Edit edit = c.session().edit();
    edit.version = c.version();
    edit.sleepRequest = edit.sleepRequest == null ? null : rebased(edit.sleepRequest);
    Object damaged = fold.value(Keys.session(agent));
    fold.replace(Keys.session(agent), c.version(), damaged, edit.done());
    fold.remove(Keys.loss(agent));
    if (fold.scan(Keys.kept(agent)).hasNext()) {
      fold.put(Keys.untaken(agent), 0, agent);
    }
    fold.remove(Keys.importing(agent));
  }

  private void drop(String agent) {
    fold.required(Keys.importing(agent));
    if (fold.value(Keys.session(agent)) != null) {
      AgentFold.clearBesideLoss(fold, agent);
    } else {
      AgentFold.clear(fold, agent);
      fold.removeLine(Keys.id(agent));
    }
    fold.remove(Keys.importing(agent));
  }

  /**
   * What is here already is at least as true as what was elsewhere. That an agent was deleted there
   * once is not said of one that is here: what it has would count as older than that.
   */
  private void addToStore(List<ImportedEntry> entries) {
    fold.need(entries.stream().map(ImportedEntry::key).toList());
    for (ImportedEntry entry : entries) {
      if (!isOfStore(entry.value())) {
        throw new IllegalStateException("entry " + entry.key() + " among those of no agent");
      }
      boolean isHere =
          entry.value() instanceof Deleted deleted
              && fold.value(Keys.id(deleted.agentId())) != null;
      if (!isHere && fold.value(entry.key()) == null) {
        fold.put(entry.key(), 0, rebased(entry.value()));
      }
    }
  }

  private static boolean isOfStore(Object value) {
    return value instanceof Event || value instanceof Deleted || value instanceof Remembered;
  }

  private Object rebased(Object value) {
    return switch (value) {
      case Sleep sleep -> rebased(sleep);
      case Task task -> task.inTurnSince(stamp.seq());
      case Event event -> new Event(event.name(), event.data(), event.at(), 0);
      default -> value;
    };
  }

  private Sleep rebased(Sleep sleep) {
    return new Sleep(
        sleep.sleepStart(),
        sleep.wakeTime(),
        sleep.wakeEvents(),
        sleep.reason(),
        sleep.wakeTask(),
        stamp.seq());
  }
}
