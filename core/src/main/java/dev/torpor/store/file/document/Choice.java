package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the documents of an agent show by choice: the last of many. Where it is known what was
 * chosen before and what changed since, nothing else is read: what did not change comes no later.
 */
final class Choice {
  /** How many are chosen of what there can be any number of. */
  static final int RECENT = 20;

  private final Snapshot snapshot;
  private final String agent;

  Choice(Snapshot snapshot, String agent) {
    this.snapshot = snapshot;
    this.agent = agent;
  }

  /**
   * The tasks that finished last, the latest first.
   *
   * @param candidates keys of all that may be; null when they are not known
   */
  List<Task> finished(@Nullable SequencedSet<String> candidates) throws IOException {
    Comparator<Task> order =
        Comparator.comparing((Task task) -> time(task.finishedAt())).thenComparing(Task::taskId);
    return latest(
        Keys.tasks(agent), candidates, Task.class, task -> task.status().isFinished(), order);
  }

  /** The mail that was read last, the latest first; {@code candidates} as above. */
  List<Mail> read(@Nullable SequencedSet<String> candidates) throws IOException {
    Comparator<Mail> order =
        Comparator.comparing((Mail mail) -> time(mail.readAt())).thenComparing(Mail::messageId);
    return latest(Keys.mail(agent), candidates, Mail.class, mail -> mail.readAt() != null, order);
  }

  private static Instant time(@Nullable Instant time) {
    return time == null ? Instant.MIN : time;
  }

  private <T> List<T> latest(
      String prefix,
      @Nullable SequencedSet<String> candidates,
      Class<T> type,
      Predicate<T> fits,
      Comparator<T> order)
      throws IOException {
    PriorityQueue<T> latest = new PriorityQueue<>(order);
    for (Iterator<T> i = values(prefix, candidates, type); i.hasNext(); ) {
      T value = i.next();
      if (fits.test(value)) {
        latest.add(value);
        if (latest.size() > RECENT) {
          latest.remove();
        }
      }
    }
    List<T> sorted = new ArrayList<>(latest);
    sorted.sort(order.reversed());
    return sorted;
  }

  /**
   * The mail that it sent and waits for a reply to, by id; as many as its session counts.
   *
   * @param candidates as above; they are not believed when the count is another
   */
  List<Mail> pendingReplies(Session session, @Nullable SequencedSet<String> candidates)
      throws IOException {
    if (session.mail().pendingReplies() == 0) {
      return List.of();
    }
    List<Mail> waiting = candidates == null ? List.of() : awaiting(candidates);
    return waiting.size() == session.mail().pendingReplies() ? waiting : awaiting(null);
  }

  private List<Mail> awaiting(@Nullable SequencedSet<String> candidates) throws IOException {
    List<Mail> waiting = new ArrayList<>();
    for (Iterator<Mail> i = values(Keys.sent(agent), candidates, Mail.class); i.hasNext(); ) {
      Mail mail = i.next();
      if (mail.awaitsReply()) {
        waiting.add(mail);
      }
    }
    waiting.sort(Comparator.comparing(Mail::messageId));
    return waiting;
  }

  /** All values under a prefix, or those among them whose keys are given. */
  private <T> Iterator<T> values(
      String prefix, @Nullable SequencedSet<String> candidates, Class<T> type) throws IOException {
    if (candidates == null) {
      Iterator<Entry> entries = snapshot.scan(prefix);
      return map(entries, entry -> type.cast(entry.value()));
    }
    List<T> values = new ArrayList<>();
    for (String key : candidates) {
      Entry entry = key.startsWith(prefix) ? snapshot.get(key) : null;
      if (entry != null) {
        values.add(type.cast(entry.value()));
      }
    }
    return values.iterator();
  }

  private static <A, B> Iterator<B> map(Iterator<A> from, Function<A, B> by) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return from.hasNext();
      }

      @Override
      public B next() {
        return by.apply(from.next());
      }
    };
  }
}
