package dev.torpor.state;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One agent as its entries show it. A view: it holds nothing but the session that it was made with,
 * and is good until the fold's next change, take or undo.
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

  /** What it lost; null unless it is damaged. */
  public @Nullable Loss loss() {
    return session.status() == AgentStatus.DAMAGED ? (Loss) fold.value(Keys.loss(id)) : null;
  }

  public @Nullable Task task(String taskId) {
    return (Task) fold.value(Keys.task(id, taskId));
  }

  /** Its tasks of a status, oldest first. */
  public List<Task> tasks(TaskStatus status) {
    return tasks(fold, id, status);
  }

  /** {@link #tasks(TaskStatus)} of an agent that may have no session. */
  static List<Task> tasks(Fold fold, String id, TaskStatus status) {
    List<String> keys = new ArrayList<>();
    fold.scan(Keys.tasks(id, status))
        .forEachRemaining(line -> keys.add(Keys.task(id, Keys.last(line.key()))));
    fold.need(keys);
    return keys.stream().map(key -> (Task) fold.required(key)).toList();
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
}
