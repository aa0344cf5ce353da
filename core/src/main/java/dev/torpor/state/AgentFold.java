package dev.torpor.state;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What each change of an agent does to its entries. Made for one change; what does not fit the
 * state is an {@link IllegalStateException}, and what was written until then must be undone.
 */
final class AgentFold {
  private final Fold fold;
  private final AgentState agent;
  private final String id;
  private final Stamp stamp;

  /** The session as the change leaves it. */
  private final Session.Edit edit;

  private AgentFold(Fold fold, AgentState agent, long version, Stamp stamp) {
    this.fold = fold;
    this.agent = agent;
    this.id = agent.session().agentId();
    this.stamp = stamp;
    this.edit = agent.session().edit();
    edit.version = version;
    edit.lastActivity = stamp.at();
  }

  /** Makes a change of an existing agent true. */
  static void apply(Fold fold, AgentState agent, Change.OfAgent change, Stamp stamp) {
    checkNext(change, agent.version());
    if (change instanceof Change.AgentDeleted deleted) {
      delete(fold, deleted, stamp);
    } else {
      new AgentFold(fold, agent, change.version(), stamp).apply(change);
    }
  }

  private static void checkNext(Change.OfAgent c, long version) {
    if (c.version() != version + 1) {
      throw new IllegalStateException(
          "agent '%s' is at version %d and cannot go on with version %d"
              .formatted(c.agent(), version, c.version()));
    }
  }

  static void create(Fold fold, Change.AgentCreated c, Stamp stamp) {
    Deleted deleted = (Deleted) fold.value(Keys.deleted(c.agent()));
    String sign = c.agent().equals(Session.USER) ? Keys.session(c.agent()) : Keys.id(c.agent());
    if (fold.value(sign) != null) {
      throw new IllegalStateException("agent '" + c.agent() + "' exists already");
    }
    checkNext(c, deleted == null ? 0 : deleted.version());
    fold.replace(Keys.session(c.agent()), c.version(), null, Session.created(c, stamp.at()));
  }

  private static void delete(Fold fold, Change.AgentDeleted c, Stamp stamp) {
    clear(fold, c.agent());
    fold.put(Keys.deleted(c.agent()), 0, new Deleted(c.agent(), c.version(), stamp.at()));
  }

  /**
   * Removes all of an agent, as if it had never been, whether it has a session or not. Of what is
   * finished, index entries elsewhere are their readers' to pass over.
   */
  static void clear(Fold fold, String id) {
    clearWork(fold, id);
    fold.remove(Keys.session(id));
    fold.removePrefix(Keys.agent(id));
  }

  /** Removes all by which something of an agent would happen. */
  private static void clearWork(Fold fold, String id) {
    for (TaskStatus status : TaskStatus.values()) {
      if (!status.isFinished()) {
        AgentState.tasks(fold, id, status)
            .forEach(task -> fold.remove(Keys.task(id, task.taskId())));
      }
    }
    fold.remove(Keys.sleep(id));
    fold.remove(Keys.untaken(id));
    fold.remove(Keys.importing(id));
  }

  /** {@link #clear} of a damaged agent, which stays damaged, and keeps what came to it since. */
  static void clearBesideLoss(Fold fold, String id) {
    clearWork(fold, id);
    Keys.contents(id).forEach(fold::removePrefix);
  }

  /**
   * Makes it true that a part of an agent, which may not even be there, was lost. Index entries by
   * ids stay, so that who asks for a task or a mail of it is told; those by which something would
   * happen go.
   */
  static void damage(Fold fold, Change.AgentDamaged c, Stamp stamp) {
    String id = c.agent();
    Entry deleted = fold.get(Keys.deleted(id));
    Session left = left(fold, id, deleted);
    long version =
        Math.max(
            left == null ? 0 : left.version(),
            deleted == null ? 0 : ((Deleted) deleted.value()).version());
    boolean isDamagedAlready = left != null && left.status() == AgentStatus.DAMAGED;
    if (c.version() < version || (c.version() == version && !isDamagedAlready)) {
      checkNext(c, version);
    }
    List<Task> tasks = new ArrayList<>();
    fold.scan(Keys.tasks(id)).forEachRemaining(entry -> tasks.add((Task) entry.value()));
    for (Task task : tasks) {
      if (!task.status().isFinished()) {
        fold.remove(Keys.task(id, task.taskId()));
        fold.put(Keys.anyTask(task.taskId()), c.version(), id);
      }
    }
    Instant createdAt = createdAt(left, (Loss) fold.value(Keys.loss(id)), stamp.at());
    fold.remove(Keys.untaken(id));
    fold.remove(Keys.importing(id));
    fold.remove(Keys.sleep(id));
    fold.remove(Keys.session(id));
    Keys.contents(id).forEach(fold::removePrefix);
    fold.put(Keys.session(id), c.version(), Session.damaged(c, left, createdAt, stamp.at()));
    fold.put(Keys.loss(id), c.version(), new Loss(c.lostFrom(), c.lostTo(), stamp.at(), c.what()));
  }

  /**
   * What is left of its session. One that was there before it was deleted is of an earlier life, as
   * is what came to it then: only that these were removed is lost.
   */
  private static @Nullable Session left(Fold fold, String id, @Nullable Entry deleted) {
    if (deleted != null) {
      List<Entry> kept = new ArrayList<>();
      fold.scan(Keys.deliveries(id)).forEachRemaining(kept::add);
      for (Entry delivery : kept) {
        if (delivery.seq() <= deleted.seq()) {
          fold.remove(delivery.key());
        }
      }
    }
    Entry session = fold.get(Keys.session(id));
    return session == null || (deleted != null && session.seq() <= deleted.seq())
        ? null
        : (Session) session.value();
  }

  /** When it was created; where nothing says so any more, when that was found. */
  private static Instant createdAt(@Nullable Session left, @Nullable Loss before, Instant now) {
    if (left == null) {
      return now;
    }
    boolean isKnown =
        left.status() != AgentStatus.DAMAGED
            || (before != null && !left.createdAt().equals(before.at()));
    return isKnown ? left.createdAt() : now;
  }

  private void apply(Change.OfAgent change) {
    switch (change) {
      case Change.OfSession c -> applySession(c);
      case Change.OfTask c -> applyTask(c);
      case Change.OfContext c -> applyContext(c);
      case Change.OfSleep c -> applySleep(c);
      case Change.OfMail c -> applyMail(c);
    }
    settle();
    fold.replace(Keys.session(id), edit.version, agent.session(), edit.done());
  }

  private void put(String key, Object value) {
    fold.put(key, edit.version, value);
  }

  /** Unless something else says so, an agent's status follows from its tasks. */
  private void settle() {
    switch (edit.status) {
      case SLEEPING, STOPPED, DAMAGED -> {}
      case IDLE, ACTIVE, WAITING ->
          edit.status =
              edit.tasks.inProgress() > 0
                  ? AgentStatus.ACTIVE
                  : edit.tasks.waiting() > 0 ? AgentStatus.WAITING : AgentStatus.IDLE;
    }
  }

  private void applySession(Change.OfSession change) {
    switch (change) {
      case Change.AgentCreated _, Change.AgentDamaged _, Change.AgentDeleted _ ->
          throw new AssertionError(change);
      case Change.AgentUpdated c -> update(c);
      case Change.AgentStarted _ -> edit.status = AgentStatus.IDLE;
      case Change.StopRequested _ -> edit.stopRequested = true;
      case Change.AgentStopped _ -> stop();
    }
  }

  private void update(Change.AgentUpdated c) {
    edit.agentName = c.name() == null ? edit.agentName : c.name();
    edit.behavior = c.behavior() == null ? edit.behavior : c.behavior();
    edit.configuration = c.configuration() == null ? edit.configuration : c.configuration();
    edit.toolSets = c.toolSets() == null ? edit.toolSets : c.toolSets();
    edit.metadata = c.metadata() == null ? edit.metadata : c.metadata();
  }

  private void stop() {
    fold.remove(Keys.sleep(id));
    edit.status = AgentStatus.STOPPED;
    edit.sleepRequest = null;
    edit.stopRequested = false;
  }

  private void applyTask(Change.OfTask change) {
    switch (change) {
      case Change.TaskSubmitted c -> {
        insert(Task.pending(c.taskId(), id, c.spec(), stamp.at(), edit.version));
        edit.arrivals = edit.arrivals.taskAt(edit.version);
      }
      case Change.TaskRefused c ->
          insert(
              Task.pending(c.taskId(), id, c.spec(), stamp.at(), edit.version)
                  .finished(TaskStatus.FAILED, null, c.error(), stamp.at()));
      case Change.TaskBecameDue c -> move(task(c, TaskStatus.PENDING), Task::queued);
      case Change.TurnStarted c ->
          move(
              task(c, TaskStatus.PENDING),
              task -> task.started(c.version(), stamp.seq(), stamp.at()));
      case Change.StepCompleted c -> finishStep(c);
      case Change.TurnSuspended c -> move(running(c), Task::queued);
      case Change.TurnRecovered c -> move(running(c), Task::recovered);
      case Change.TurnFailed c -> {
        edit.errorCount++;
        move(running(c), task -> task.failed(c.error()));
      }
      case Change.TaskCompleted c ->
          move(
              running(c),
              task -> task.finished(TaskStatus.COMPLETED, c.result(), null, stamp.at()));
      case Change.TaskFailed c -> {
        edit.errorCount++;
        move(open(c), task -> task.finished(TaskStatus.FAILED, null, c.error(), stamp.at()));
      }
      case Change.TaskCancelled c ->
          move(open(c), task -> task.finished(TaskStatus.CANCELLED, null, c.reason(), stamp.at()));
    }
  }

  private void insert(Task task) {
    if (fold.value(Keys.anyTask(task.taskId())) != null) {
      throw new IllegalStateException("task " + task.taskId() + " exists already");
    }
    put(Keys.task(id, task.taskId()), task);
    edit.tasks = edit.tasks.plus(task.status(), 1);
  }

  private void move(Task from, UnaryOperator<Task> change) {
    Task to = change.apply(from);
    fold.replace(Keys.task(id, from.taskId()), edit.version, from, to);
    edit.tasks = edit.tasks.plus(from.status(), -1).plus(to.status(), 1);
  }

  private void finishStep(Change.StepCompleted c) {
    Task task = running(c);
    int number = task.steps() + 1;
    put(Keys.step(id, task.taskId(), number), new Step(c.name(), c.result(), stamp.at()));
    fold.replace(Keys.task(id, task.taskId()), edit.version, task, task.withSteps(number));
  }

  private Task running(Change.OfTask c) {
    return task(c, TaskStatus.IN_PROGRESS);
  }

  private Task task(Change.OfTask c, TaskStatus status) {
    Task task = open(c);
    if (task.status() != status) {
      throw new IllegalStateException("task " + task.taskId() + " is " + task.status());
    }
    return task;
  }

  private Task open(Change.OfTask c) {
    Task task = (Task) fold.required(Keys.task(id, c.taskId()));
    if (task.status().isFinished()) {
      throw new IllegalStateException("task " + task.taskId() + " is " + task.status());
    }
    return task;
  }

  private void applyContext(Change.OfContext change) {
    switch (change) {
      case Change.MessageAppended c -> append(c.message());
      case Change.MemoryPut c ->
          put(Keys.memory(id, fold.names().name(c.key())), new MemoryItem(c.key(), c.value()));
      case Change.MemoryRemoved c -> fold.remove(Keys.memory(id, fold.names().name(c.key())));
    }
  }

  private void append(Message message) {
    if (message.index() != edit.messages) {
      throw new IllegalStateException(
          "message %d of agent '%s' where %d is next"
              .formatted(message.index(), id, edit.messages));
    }
    put(Keys.message(id, message.index()), message);
    edit.messages++;
  }

  private void applySleep(Change.OfSleep change) {
    switch (change) {
      case Change.FellAsleep c -> {
        put(Keys.sleep(id), c.sleep());
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
    }
  }

  private void applyMail(Change.OfMail change) {
    switch (change) {
      case Change.MailSent c -> {
        put(Keys.sent(id, c.mail().messageId()), c.mail());
        edit.mail = edit.mail.pendingReplies(c.mail().awaitsReply() ? 1 : 0);
      }
      case Change.MailDelivered c -> deliver(c.mail());
      case Change.MailRead c -> {
        for (String messageId : c.messageIds()) {
          Mail mail = received(messageId);
          remark(mail, mail.with(MailStatus.READ, stamp.at(), mail.repliedAt()));
        }
      }
      case Change.MailReplied c -> {
        Mail mail = received(c.messageId());
        Instant readAt = mail.readAt() == null ? stamp.at() : mail.readAt();
        remark(mail, mail.with(MailStatus.REPLIED, readAt, stamp.at()));
      }
      case Change.MailArchived c -> {
        Mail mail = received(c.messageId());
        remark(mail, mail.as(MailStatus.ARCHIVED));
      }
    }
  }

  /** Takes a mail; one that answers a mail of this agent's ends the wait for a reply to it. */
  private void deliver(Mail mail) {
    if (fold.value(Keys.mail(id, mail.messageId())) != null) {
      throw new IllegalStateException("mail " + mail.messageId() + " is in the mailbox already");
    }
    put(Keys.mail(id, mail.messageId()), mail);
    edit.mail = edit.mail.unread(1);
    edit.arrivals = edit.arrivals.mailAt(edit.version, mail.priority());
    Mail asked = mail.replyTo() == null ? null : agent.sent(mail.replyTo());
    if (asked != null && asked.repliedAt() == null && mail.from().equals(asked.to())) {
      edit.mail = edit.mail.pendingReplies(asked.awaitsReply() ? -1 : 0);
      put(
          Keys.sent(id, asked.messageId()),
          asked.with(MailStatus.REPLIED, asked.readAt(), stamp.at()));
    }
  }

  private Mail received(String messageId) {
    return (Mail) fold.required(Keys.mail(id, messageId));
  }

  private void remark(Mail from, Mail to) {
    fold.replace(Keys.mail(id, from.messageId()), edit.version, from, to);
    edit.mail =
        edit.mail.unread(
            (to.status() == MailStatus.UNREAD ? 1 : 0)
                - (from.status() == MailStatus.UNREAD ? 1 : 0));
  }
}
