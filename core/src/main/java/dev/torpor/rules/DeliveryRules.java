package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Delivery;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.TaskSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** What comes to a damaged agent: it is kept, and taken when the agent is back. */
public final class DeliveryRules {
  /** So many are taken in one commit. */
  private static final int PORTION = 100;

  /** As many characters of them; the first one is taken in any case. */
  private static final int PORTION_CHARACTERS = 256 << 10;

  private DeliveryRules() {}

  /** Whether nothing more can be kept for a damaged agent. */
  static boolean isFull(Draft draft, String id) {
    int left = draft.limits().maxKeptDeliveries();
    for (Iterator<Entry> i = draft.fold().scan(Keys.kept(id)); left > 0 && i.hasNext(); ) {
      i.next();
      left--;
    }
    return left == 0;
  }

  /** The agents that are back, and have not taken all that came meanwhile. */
  public static List<String> untaken(Fold fold) {
    List<String> agents = new ArrayList<>();
    fold.scan(Keys.UNTAKEN).forEachRemaining(line -> agents.add((String) line.value()));
    return agents;
  }

  /**
   * Takes some of what came while an agent was damaged, in the order in which it came. It was
   * promised to whoever sent it, and so is taken even if the queue or the mailbox is full now.
   *
   * @return whether there is more
   */
  public static boolean take(Draft draft, String id) {
    AgentState agent = draft.find(id);
    if (agent == null || agent.session().status() == AgentStatus.DAMAGED) {
      return false;
    }
    long characters = 0;
    int taken = 0;
    for (String key : kept(draft.fold(), id)) {
      Delivery delivery = (Delivery) Objects.requireNonNull(draft.fold().value(key));
      characters += length(delivery);
      if (taken == PORTION || (taken > 0 && characters > PORTION_CHARACTERS)) {
        return true;
      }
      take(draft, id, delivery);
      taken++;
    }
    return false;
  }

  /** The keys of what is taken next, and of one more. */
  private static List<String> kept(Fold fold, String id) {
    List<String> keys = new ArrayList<>();
    for (Iterator<Entry> i = fold.scan(Keys.kept(id)); keys.size() <= PORTION && i.hasNext(); ) {
      keys.add(Keys.delivery(id, Keys.last(i.next().key())));
    }
    return keys;
  }

  /** What was taken before the agent was damaged once more, it has. */
  private static void take(Draft draft, String id, Delivery delivery) {
    AgentState agent = Objects.requireNonNull(draft.find(id));
    boolean has = agent.task(delivery.id()) != null || agent.mail(delivery.id()) != null;
    draft.emit(new Change.DeliveryTaken(id, delivery.id()));
    Mail mail = delivery.mail();
    TaskSpec task = delivery.task();
    if (has) {
      return;
    }
    if (mail != null) {
      MailRules.deliver(draft, mail);
    } else if (task != null) {
      TaskRules.take(draft, id, delivery.id(), task);
    }
  }

  /** About how long it is in a line of the journal. */
  private static long length(Delivery delivery) {
    Mail mail = delivery.mail();
    TaskSpec task = delivery.task();
    return mail != null
        ? mail.subject().length() + mail.body().length() + length(mail.metadata())
        : task == null ? 0 : task.prompt().length() + length(task.payload());
  }

  private static long length(@org.jspecify.annotations.Nullable Object json) {
    return json == null ? 0 : json.toString().length();
  }
}
