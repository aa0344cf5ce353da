package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Sleep;
import dev.torpor.state.WakeEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasts. One is recorded first, and then delivered in portions, so that nobody waits long for
 * the lock however many sleep; it goes on after a crash. It wakes who slept when it was recorded.
 */
public final class EventRules {
  /** How many agents one commit looks at, at most. */
  public static final int PORTION = 100;

  private EventRules() {}

  /**
   * Records a broadcast, unless one under the same idempotency key is on its way already.
   *
   * @return the sequence number at which it was recorded
   * @throws Refusal also when the key is in use with other parameters
   */
  public static long record(
      Draft draft, String event, @Nullable Object data, Broadcast.@Nullable Request request) {
    Long running = request == null ? null : running(draft, request);
    if (running != null) {
      return running;
    }
    Names.checkEvent(event, "event", draft.limits());
    Names.checkText(data, "data", draft.limits());
    if (WakeEvent.isReserved(event)) {
      throw Refusal.invalid("event", "'%s' comes about by itself and cannot be broadcast", event);
    }
    draft.emit(new Change.EventBroadcast(event, data, request));
    return draft.stamp().seq();
  }

  private static @Nullable Long running(Draft draft, Broadcast.Request request) {
    Iterator<Entry> open = draft.fold().scan(Keys.BROADCASTS);
    while (open.hasNext()) {
      Entry entry = open.next();
      Broadcast.Request other = ((Broadcast) entry.value()).request();
      if (other != null && other.key().equals(request.key())) {
        if (!other.equals(request)) {
          throw Rules.keyReused();
        }
        return Long.parseLong(Keys.last(entry.key()));
      }
    }
    return null;
  }

  /**
   * Delivers the next portion of a broadcast.
   *
   * @param seq the sequence number at which it was recorded
   * @param from the key at which the last portion stopped; the empty string for the first
   * @param portion how many agents to look at, at most
   * @return the key at which this one stopped; null when all is delivered
   */
  public static @Nullable String deliver(Draft draft, long seq, String from, int portion) {
    Broadcast broadcast = (Broadcast) draft.fold().value(Keys.broadcast(seq));
    if (broadcast == null) {
      return null;
    }
    List<String> waiting = new ArrayList<>();
    String next = collect(draft, broadcast, from, portion, waiting);
    draft.fold().need(waiting.stream().map(Keys::session).toList());
    List<String> woken = new ArrayList<>();
    for (String id : waiting) {
      if (wake(draft, id, broadcast)) {
        woken.add(id);
      }
    }
    if (!woken.isEmpty()) {
      draft.emit(new Change.BroadcastDelivered(seq, woken));
    }
    return next;
  }

  /** Looks at agents that wait for the event, and then at those that wait for any. */
  private static @Nullable String collect(
      Draft draft, Broadcast broadcast, String from, int portion, List<String> waiting) {
    String own = Keys.wakes(draft.fold().names().name(broadcast.event().name()));
    String any = Keys.wakes(draft.fold().names().name(WakeEvent.SYSTEM_EVENT.name()));
    boolean inAny = from.startsWith("any:");
    String key = inAny ? from.substring(4) : from;
    if (!inAny && !own.equals(any)) {
      String stopped = collect(draft, own, key.isEmpty() ? own : key, portion, waiting);
      return stopped == null ? "any:" + any : stopped;
    }
    String stopped = collect(draft, any, key.isEmpty() ? any : key, portion, waiting);
    return stopped == null ? null : "any:" + stopped;
  }

  private static @Nullable String collect(
      Draft draft, String prefix, String from, int portion, List<String> waiting) {
    Iterator<Entry> lines = draft.fold().scan(prefix, from);
    while (lines.hasNext()) {
      String key = lines.next().key();
      if (waiting.size() == portion) {
        return key;
      }
      waiting.add(key.substring(prefix.length()));
    }
    return null;
  }

  private static boolean wake(Draft draft, String id, Broadcast broadcast) {
    AgentState agent = draft.find(id);
    Sleep sleep = agent == null ? null : agent.sleep();
    if (sleep == null || sleep.sinceSeq() > broadcast.event().seq()) {
      return false;
    }
    SleepRules.end(draft, id, "event", broadcast.event().name(), broadcast.event().data());
    return true;
  }

  /**
   * Ends a broadcast that is delivered and remembers its answer, when it had an idempotency key.
   *
   * @return the answer; null when it has ended already
   */
  public static @Nullable Broadcast end(
      Draft draft, long seq, Function<Broadcast, @Nullable Object> answer) {
    Broadcast broadcast = (Broadcast) draft.fold().value(Keys.broadcast(seq));
    if (broadcast == null) {
      return null;
    }
    draft.emit(new Change.BroadcastEnded(seq));
    Broadcast.Request r = broadcast.request();
    if (r != null) {
      draft.emit(
          new Change.RequestRemembered(
              r.method(), r.agent(), r.key(), r.digest(), answer.apply(broadcast)));
    }
    return broadcast;
  }
}
