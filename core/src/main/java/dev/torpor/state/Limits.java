package dev.torpor.state;

/**
 * Limits of what is taken in. Each is refused with its name.
 *
 * @param maxIdLength characters of an id
 * @param maxTextBytes a prompt, a body, a message, a task's payload or result, in UTF-8
 * @param maxMemoryKeyBytes a key of the working memory
 * @param maxMemoryValueBytes a value of the working memory, as JSON
 * @param maxEventLength characters of an event's name
 * @param maxPendingTasks tasks in an agent's queue
 * @param maxUnreadMail unread mail in a mailbox; more is undeliverable
 * @param maxKeptDeliveries tasks and mail that are kept for a damaged agent; more is refused
 * @param maxRecoveries runs of a task that a crash may cut off before the task has failed
 */
public record Limits(
    int maxIdLength,
    int maxTextBytes,
    int maxMemoryKeyBytes,
    int maxMemoryValueBytes,
    int maxEventLength,
    int maxPendingTasks,
    int maxUnreadMail,
    int maxKeptDeliveries,
    int maxRecoveries) {
  public static final Limits DEFAULT =
      new Limits(128, 1 << 20, 256, 1 << 20, 128, 10_000, 10_000, 1000, 20);
}
