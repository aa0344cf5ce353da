package dev.torpor.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All of an agent at one version: what the seed called its state. What is saved, restored and
 * validated.
 *
 * @param sleep null unless it is sleeping
 * @param memory its working memory, by key
 * @param tasks all its tasks, oldest first
 * @param messages its whole conversation history
 * @param received all mail in its mailbox
 * @param sent all mail that it sent
 */
public record AgentSnapshot(
    Session session,
    @Nullable Sleep sleep,
    List<MemoryItem> memory,
    List<Task> tasks,
    List<Message> messages,
    List<Mail> received,
    List<Mail> sent) {
  public AgentSnapshot {
    memory = List.copyOf(memory);
    tasks = List.copyOf(tasks);
    messages = List.copyOf(messages);
    received = List.copyOf(received);
    sent = List.copyOf(sent);
  }

  /** Reads all of an agent; null when there is none of this id. */
  public static @Nullable AgentSnapshot of(String agent, EntrySource source) {
    Entry session = source.get(Keys.session(agent));
    if (session == null) {
      return null;
    }
    Entry sleep = source.get(Keys.sleep(agent));
    return new AgentSnapshot(
        (Session) session.value(),
        sleep == null ? null : (Sleep) sleep.value(),
        values(source, Keys.memory(agent), MemoryItem.class),
        values(source, Keys.tasks(agent), Task.class),
        values(source, Keys.messages(agent), Message.class),
        values(source, Keys.mail(agent), Mail.class),
        values(source, Keys.sent(agent), Mail.class));
  }

  private static <T> List<T> values(EntrySource source, String prefix, Class<T> type) {
    List<T> values = new java.util.ArrayList<>();
    source.scan(prefix).forEachRemaining(entry -> values.add(type.cast(entry.value())));
    return values;
  }
}
