package dev.torpor.state;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One agent as its entries show it, and what each change does to them. A view: it holds nothing but
 * the session that it was made with, and is good until the fold's next change, take or undo.
 */
public final class AgentState {
  private final Fold fold;
  private final Session session;
  private final String id;

  AgentState(Fold fold, Session session) {
    this.fold = fold;
    this.session = session;
    this.id = session.agentId();
  }

  public Session session() {
    return session;
  }

  public long version() {
    return session.version();
  }

  /** Its sleep; null unless it is sleeping. */
  public @Nullable Sleep sleep() {
    return (Sleep) fold.value(Keys.sleep(id));
  }

  public @Nullable Task task(String taskId) {
    return (Task) fold.value(Keys.task(id, taskId));
  }

  /** Its tasks of a status, oldest first. */
  public List<Task> tasks(TaskStatus status) {
    List<Task> tasks = new ArrayList<>();
    for (Iterator<Entry> lines = fold.scan(Keys.tasks(id, status)); lines.hasNext(); ) {
      tasks.add((Task) fold.required(Keys.task(id, Keys.last(lines.next().key()))));
    }
    return tasks;
  }

  /** The task that a turn works on; null when none runs. */
  public @Nullable Task running() {
    return session.tasks().inProgress() == 0 ? null : tasks(TaskStatus.IN_PROGRESS).getFirst();
  }

  /** The task that runs next: the oldest of the most urgent; null when none can run. */
  public @Nullable Task next() {
    if (session.tasks().pending() == 0) {
      return null;
    }
    Iterator<Entry> queue = fold.scan(Keys.queue(id));
    return queue.hasNext() ? task(Keys.last(queue.next().key())) : null;
  }

  /** The finished steps of a task, in the order in which they finished. */
  public List<Step> steps(String taskId) {
    return values(Keys.steps(id, taskId), Step.class);
  }

  /** A value of its working memory; null when the key is not there. */
  public @Nullable MemoryItem memory(String key) {
    return (MemoryItem) fold.value(Keys.memory(id, fold.names().name(key)));
  }

  public List<MemoryItem> memory() {
    return values(Keys.memory(id), MemoryItem.class);
  }

  /** Mail that it received; null when there is none of this id. */
  public @Nullable Mail mail(String messageId) {
    return (Mail) fold.value(Keys.mail(id, messageId));
  }

  /** Mail that it sent; null when there is none of this id. */
  public @Nullable Mail sent(String messageId) {
    return (Mail) fold.value(Keys.sent(id, messageId));
  }

  private <T> List<T> values(String prefix, Class<T> type) {
    List<T> values = new ArrayList<>();
    fold.scan(prefix).forEachRemaining(entry -> values.add(type.cast(entry.value())));
    return values;
  }

  static void create(Fold fold, Change.AgentCreated c, Stamp stamp) {
    Deleted deleted = (Deleted) fold.value(Keys.deleted(c.agent()));
    if (fold.value(Keys.session(c.agent())) != null) {
      throw new IllegalStateException("agent '" + c.agent() + "' exists already");
    }
    checkNext(c, deleted == null ? 0 : deleted.version());
    Session session =
        new Session(
            c.agent(),
            c.name(),
            c.started() ? AgentStatus.IDLE : AgentStatus.STOPPED,
            c.version(),
            c.behavior(),
            c.configuration(),
            c.toolSets(),
            c.metadata(),
            stamp.at(),
            stamp.at(),
            0,
            TaskCounts.NONE,
            MailCounts.NONE,
            0,
            Arrivals.NONE,
            null,
            false);
    fold.put(Keys.session(c.agent()), c.version(), session);
  }

  void delete(Change.AgentDeleted c, Stamp stamp) {
    checkNext(c, session.version());
    for (TaskStatus status : TaskStatus.values()) {
      if (!status.isFinished()) {
        tasks(status).forEach(task -> fold.remove(Keys.task(id, task.taskId())));
      }
    }
    fold.remove(Keys.sleep(id));
    fold.remove(Keys.session(id));
    fold.removePrefix(Keys.agent(id));
    fold.put(Keys.deleted(id), 0, new Deleted(id, c.version(), stamp.at()));
  }

  private static void checkNext(Change.OfAgent c, long version) {
    if (c.version() != version + 1) {
      throw new IllegalStateException(
          "agent '%s' is at version %d and cannot go on with version %d"
              .formatted(c.agent(), version, c.version()));
    }
  }

  void apply(Change.OfAgent change, Stamp stamp) {
    checkNext(change, session.version());
    Session.Edit edit = session.edit();
    edit.version = change.version();
    edit.lastActivity = stamp.at();
    switch (change) {
      case Change.AgentCreated _, Change.AgentDeleted _ -> throw new AssertionError(change);
      case Change.AgentUpdated c -> update(edit, c);
      case Change.AgentStarted _ -> edit.status = AgentStatus.IDLE;
      case Change.StopRequested _ -> edit.stopRequested = true;
      case Change.AgentStopped _ -> stop(edit);

      case Change.TaskSubmitted c -> submit(edit, c, stamp);
      case Change.TaskBecameDue c ->
          move(edit, task(c.taskId(), TaskStatus.PENDING), task -> task.due());
      case Change.TurnStarted c ->
          move(
              edit,
              task(c.taskId(), TaskStatus.PENDING),
              task -> task.started(c.version(), stamp.seq(), stamp.at()));
      case Change.StepCompleted c -> finishStep(edit, c, stamp);
      case Change.TurnSuspended c ->
          move(edit, running(c.taskId()), t -> t.requeued(t.attempt(), t.recoveries(), t.error()));
      case Change.TurnRecovered c ->
          move(
              edit,
              running(c.taskId()),
              t -> t.requeued(t.attempt(), t.recoveries() + 1, t.error()));
      case Change.TurnFailed c -> {
        edit.errorCount++;
        move(
            edit,
            running(c.taskId()),
            task -> task.requeued(task.attempt() + 1, task.recoveries(), c.error()));
      }
      case Change.TaskCompleted c ->
          move(
              edit,
              running(c.taskId()),
              task -> task.finished(TaskStatus.COMPLETED, c.result(), null, stamp.at()));
      case Change.TaskFailed c -> {
        edit.errorCount++;
        move(
            edit,
            open(c.taskId()),
            task -> task.finished(TaskStatus.FAILED, null, c.error(), stamp.at()));
      }
      case Change.TaskCancelled c ->
          move(
              edit,
              open(c.taskId()),
              task -> task.finished(TaskStatus.CANCELLED, null, c.reason(), stamp.at()));
      case Change.TaskRefused c -> refuse(edit, c, stamp);

      case Change.MessageAppended c -> append(edit, c.message());
      case Change.MemoryPut c ->
          fold.put(
              Keys.memory(id, fold.names().name(c.key())),
              edit.version,
              new MemoryItem(c.key(), c.value()));
      case Change.MemoryRemoved c -> fold.remove(Keys.memory(id, fold.names().name(c.key())));

      case Change.FellAsleep c -> {
        fold.put(Keys.sleep(id), edit.version, c.sleep());
        edit.status = AgentStatus.SLEEPING;
        edit.sleepRequest = null;
      }
      case Change.SleepRequested c -> edit.sleepRequest = c.sleep();
      case Change.SleepDropped _ -> edit.sleepRequest = null;
      case Change.WokeUp _ -> {
        fold.remove(Keys.sleep(id));
        edit.status = AgentStatus.IDLE;
      }
      case Change.ManuallyWoken c -> edit.arrivals = edit.arrivals.manualWakeAt(c.version());

      case Change.MailSent c -> {
        fold.put(Keys.sent(id, c.mail().messageId()), edit.version, c.mail());
        edit.mail = edit.mail.pendingReplies(c.mail().awaitsReply() ? 1 : 0);
      }
      case Change.MailDelivered c -> deliver(edit, c.mail(), stamp);
      case Change.MailRead c -> {
        for (String messageId : c.messageIds()) {
          Mail mail = received(messageId);
          remark(edit, mail, mail.with(MailStatus.READ, stamp.at(), mail.repliedAt()));
        }
      }
      case Change.MailReplied c -> {
        Mail mail = received(c.messageId());
        remark(edit, mail, mail.with(MailStatus.REPLIED, readAt(mail, stamp), stamp.at()));
      }
      case Change.MailArchived c -> {
        Mail mail = received(c.messageId());
        remark(edit, mail, mail.as(MailStatus.ARCHIVED));
      }
    }
    settle(edit);
    fold.put(Keys.session(id), edit.version, edit.done());
  }

  /** Unless something else says so, an agent's status follows from its tasks. */
  private static void settle(Session.Edit edit) {
    switch (edit.status) {
      case SLEEPING, STOPPED, DAMAGED -> {}
      case IDLE, ACTIVE, WAITING -> {
        TaskCounts tasks = edit.tasks;
        edit.status =
            tasks.inProgress() > 0
                ? AgentStatus.ACTIVE
                : tasks.waiting() > 0 ? AgentStatus.WAITING : AgentStatus.IDLE;
      }
    }
  }

  private static void update(Session.Edit edit, Change.AgentUpdated c) {
    edit.agentName = c.name() == null ? edit.agentName : c.name();
    edit.behavior = c.behavior() == null ? edit.behavior : c.behavior();
    edit.configuration = c.configuration() == null ? edit.configuration : c.configuration();
    edit.toolSets = c.toolSets() == null ? edit.toolSets : c.toolSets();
    edit.metadata = c.metadata() == null ? edit.metadata : c.metadata();
  }

  private void stop(Session.Edit edit) {
    fold.remove(Keys.sleep(id));
    edit.status = AgentStatus.STOPPED;
    edit.sleepRequest = null;
    edit.stopRequested = false;
  }

  private void submit(Session.Edit edit, Change.TaskSubmitted c, Stamp stamp) {
    insert(edit, Task.pending(c.taskId(), id, c.spec(), stamp.at(), edit.version));
    edit.arrivals = edit.arrivals.taskAt(edit.version);
  }

  private void refuse(Session.Edit edit, Change.TaskRefused c, Stamp stamp) {
    Task task = Task.pending(c.taskId(), id, c.spec(), stamp.at(), edit.version);
    insert(edit, task.finished(TaskStatus.FAILED, null, c.error(), stamp.at()));
  }

  private void insert(Session.Edit edit, Task task) {
    if (fold.value(Keys.anyTask(task.taskId())) != null) {
      throw new IllegalStateException("task " + task.taskId() + " exists already");
    }
    fold.put(Keys.task(id, task.taskId()), edit.version, task);
    edit.tasks = edit.tasks.plus(task.status(), 1);
  }

  private void move(Session.Edit edit, Task from, java.util.function.UnaryOperator<Task> change) {
    Task to = change.apply(from);
    fold.put(Keys.task(id, from.taskId()), edit.version, to);
    edit.tasks = edit.tasks.plus(from.status(), -1).plus(to.status(), 1);
  }

  private void finishStep(Session.Edit edit, Change.StepCompleted c, Stamp stamp) {
    Task task = running(c.taskId());
    fold.put(
        Keys.step(id, task.taskId(), task.steps() + 1),
        edit.version,
        new Step(c.name(), c.result(), stamp.at()));
    fold.put(Keys.task(id, task.taskId()), edit.version, task.withSteps(task.steps() + 1));
  }

  private Task running(String taskId) {
    return task(taskId, TaskStatus.IN_PROGRESS);
  }

  private Task task(String taskId, TaskStatus status) {
    Task task = open(taskId);
    if (task.status() != status) {
      throw new IllegalStateException("task " + taskId + " is " + task.status());
    }
    return task;
  }

  private Task open(String taskId) {
    Task task = (Task) fold.required(Keys.task(id, taskId));
    if (task.status().isFinished()) {
      throw new IllegalStateException("task " + taskId + " is " + task.status());
    }
    return task;
  }

  private void append(Session.Edit edit, Message message) {
    if (message.index() != edit.messages) {
      throw new IllegalStateException(
          "message %d of agent '%s' where %d is next"
              .formatted(message.index(), id, edit.messages));
    }
    fold.put(Keys.message(id, message.index()), edit.version, message);
    edit.messages++;
  }

  /** Takes a mail; one that answers a mail of this agent's ends the wait for a reply to it. */
  private void deliver(Session.Edit edit, Mail mail, Stamp stamp) {
    if (fold.value(Keys.mail(id, mail.messageId())) != null) {
      throw new IllegalStateException("mail " + mail.messageId() + " is in the mailbox already");
    }
    fold.put(Keys.mail(id, mail.messageId()), edit.version, mail);
    edit.mail = edit.mail.unread(1);
    edit.arrivals = edit.arrivals.mailAt(edit.version, mail.priority());
    Mail asked = mail.replyTo() == null ? null : sent(mail.replyTo());
    if (asked != null && asked.repliedAt() == null && mail.from().equals(asked.to())) {
      edit.mail = edit.mail.pendingReplies(asked.awaitsReply() ? -1 : 0);
      fold.put(
          Keys.sent(id, asked.messageId()),
          edit.version,
          asked.with(MailStatus.REPLIED, asked.readAt(), stamp.at()));
    }
  }

  private Mail received(String messageId) {
    return (Mail) fold.required(Keys.mail(id, messageId));
  }

  private void remark(Session.Edit edit, Mail from, Mail to) {
    fold.put(Keys.mail(id, from.messageId()), edit.version, to);
    edit.mail =
        edit.mail.unread(
            (to.status() == MailStatus.UNREAD ? 1 : 0)
                - (from.status() == MailStatus.UNREAD ? 1 : 0));
  }

  private static java.time.Instant readAt(Mail mail, Stamp stamp) {
    return mail.readAt() == null ? stamp.at() : mail.readAt();
  }
}
