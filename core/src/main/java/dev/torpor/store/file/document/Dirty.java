package dev.torpor.store.file.document;

import dev.torpor.state.Broadcast;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Event;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Remembered;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.store.DocumentsLag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changed and is not in documents yet: of which agents, since when, and what of them. It is
 * bounded: of a flood of changes only the beginning is remembered, and who changed since is then
 * asked of the store. Thread-safe; {@link #note} is on the way of every commit.
 */
final class Dirty {
  /** How many agents are remembered. */
  static final int AGENTS = 50_000;

  /** How many keys, of all agents together. */
  private static final int KEYS = 200_000;

  private static final int EVENTS = 10_000;

  private static final String SLEEP = "/sleep";
  private static final String LOSS = "/loss";

  /** By id; the first to be written first. */
  private final Map<String, Pending> agents = new LinkedHashMap<>();

  /** Until when agents rest, as {@link System#nanoTime()} tells. */
  private final Map<String, Long> rests = new HashMap<>();

  private final int limit;
  private int keys;

  /** The sequence number up to which nothing was forgotten; null when all is remembered. */
  private @Nullable Long rememberedUpTo;

  private @Nullable Events events;
  private boolean requests;

  /**
   * Events that changed.
   *
   * @param first the sequence number of the first change
   * @param keys of those that changed; null when not all are known
   */
  record Events(long first, @Nullable List<String> keys) {}

  Dirty() {
    this(AGENTS);
  }

  Dirty(int limit) {
    this.limit = limit;
  }

  /** Remembers what a commit wrote. Called in the order of commits. */
  synchronized void note(List<EntryWrite> writes, long seq) {
    Pending current = null;
    for (int i = 0; i < writes.size(); i++) {
      EntryWrite write = writes.get(i);
      if (write instanceof EntryWrite.Put put) {
        if (put.value() instanceof String) {
          continue; // an index
        }
        if (put.key().charAt(0) == '~') {
          noteOfStore(put.key(), put.value(), seq);
          continue;
        }
        current = pending(put.key(), current, seq);
        if (current != null) {
          mark(current, put.key(), put.value());
        }
      } else if (write.key().charAt(0) == '~') {
        if (write.key().startsWith(Keys.BROADCASTS)) {
          noteEvent(write.key(), seq);
        }
      } else if (makesAnew(write) || write.key().endsWith(SLEEP)) {
        current = pending(write.key(), current, seq);
        if (current != null && makesAnew(write)) {
          keys -= current.keyCount();
          current.reset();
        } else if (current != null) {
          current.parts |= Part.SLEEP.bit();
        }
      }
    }
  }

  /** Whether an agent is gone, or is another one from here on: one that was damaged is back. */
  private static boolean makesAnew(EntryWrite write) {
    String key = write.key();
    return write instanceof EntryWrite.RemovePrefix
        || (key.endsWith(LOSS) && key.indexOf('/') == key.length() - LOSS.length());
  }

  private void noteOfStore(String key, Object value, long seq) {
    if (value instanceof Remembered) {
      requests = true;
    } else if (value instanceof Broadcast
        || (value instanceof Event && !key.equals(Keys.LAST_EVENT))) {
      noteEvent(key, seq);
    }
  }

  private void noteEvent(String key, long seq) {
    Events known = events;
    if (known == null) {
      events = new Events(seq, new ArrayList<>(List.of(key)));
    } else if (known.keys() != null && known.keys().size() < EVENTS) {
      known.keys().add(key);
    } else {
      events = new Events(known.first(), null);
    }
  }

  /** What is remembered of the agent of a key; null when there is no room for it. */
  private @Nullable Pending pending(String key, @Nullable Pending last, long seq) {
    if (last != null && key.startsWith(last.agent) && key.startsWith("/", last.agent.length())) {
      return last;
    }
    String agent = key.substring(0, key.indexOf('/'));
    Pending pending = agents.get(agent);
    if (pending == null) {
      if (agents.size() >= limit) {
        if (rememberedUpTo == null) {
          rememberedUpTo = seq - 1;
        }
        return null;
      }
      pending = new Pending(agent, seq, System.nanoTime());
      agents.put(agent, pending);
    }
    pending.last = seq;
    return pending;
  }

  private void mark(Pending pending, String key, Object value) {
    switch (value) {
      case Message _ -> pending.parts |= Part.CONTEXT.bit();
      case Step _ -> pending.parts |= Part.TASKS.bit();
      case Sleep _ -> pending.parts |= Part.SLEEP.bit();
      case Task task -> {
        pending.parts |= Part.TASKS.bit();
        if (task.status().isFinished()) {
          pending.parts |= Part.TASK_HISTORY.bit();
          addKey(pending, key);
        }
      }
      case Mail _ -> {
        pending.parts |= Part.MAILBOX.bit() | Part.MAIL_HISTORY.bit();
        addKey(pending, key);
      }
      default -> {} // the session and its working memory
    }
  }

  private void addKey(Pending pending, String key) {
    int before = pending.keyCount();
    if (keys < KEYS) {
      pending.addKey(key);
    } else {
      pending.forgetKeys();
    }
    keys += pending.keyCount() - before;
  }

  /**
   * The agent whose turn it is: of those that do not rest, the one that waits longest.
   *
   * @param now as {@link System#nanoTime()} tells
   * @param delay how long it must have waited, in nanoseconds
   */
  synchronized @Nullable String next(long now, long delay) {
    rests.values().removeIf(until -> until - now <= 0);
    for (Pending pending : agents.values()) {
      if (now - pending.since < delay) {
        return null;
      }
      if (!rests.containsKey(pending.agent)) {
        return pending.agent;
      }
    }
    return null;
  }

  /** Any agent with a change up to a sequence number, whether it rests or not. */
  synchronized @Nullable String any(long upTo) {
    for (Pending pending : agents.values()) {
      if (pending.first <= upTo) {
        return pending.agent;
      }
    }
    return null;
  }

  /** Whether an agent waits, or nobody knows. */
  synchronized boolean isWaiting(String agent) {
    return rememberedUpTo != null || agents.containsKey(agent);
  }

  /** Whether an agent waits since its documents may be half written. */
  synchronized boolean isUntrusted(String agent) {
    Pending pending = agents.get(agent);
    return pending != null && pending.untrusted;
  }

  /** Takes what is remembered of an agent; where something was forgotten, it may be of this one. */
  synchronized @Nullable Pending take(String agent) {
    Pending pending = agents.remove(agent);
    if (pending != null) {
      keys -= pending.keyCount();
      if (rememberedUpTo != null) {
        pending.add(Pending.anything(agent, false));
      }
    }
    return pending;
  }

  /** Puts back what was taken, and what came since. */
  synchronized void putBack(Pending pending) {
    Pending later = agents.putIfAbsent(pending.agent, pending);
    keys += pending.keyCount();
    if (later != null) {
      keys -= pending.keyCount() + later.keyCount();
      later.add(pending);
      keys += later.keyCount();
    }
  }

  /** Lets an agent rest. */
  synchronized void rest(String agent, long until) {
    rests.put(agent, until);
  }

  /** Takes the events that changed; null when none did. */
  synchronized @Nullable Events takeEvents() {
    Events taken = events;
    events = null;
    return taken;
  }

  synchronized void putBackEvents(Events taken) {
    Events later = events;
    events =
        new Events(later == null ? taken.first() : Math.min(later.first(), taken.first()), null);
  }

  /** Whether requests were remembered since this was asked last. */
  synchronized boolean takeRequests() {
    boolean taken = requests;
    requests = false;
    return taken;
  }

  synchronized void putBackRequests() {
    requests = true;
  }

  /**
   * Takes the sequence number since which the store must be asked who changed; null when it need
   * not be asked.
   */
  synchronized @Nullable Long takeForgotten() {
    Long since = rememberedUpTo;
    rememberedUpTo = null;
    return since;
  }

  /** Asks that it be asked who changed since. */
  synchronized void forget(long seq) {
    rememberedUpTo = rememberedUpTo == null ? seq : Math.min(rememberedUpTo, seq);
  }

  /** Up to which sequence number nothing waits, if all up to {@code known} was told. */
  synchronized long settled(long known) {
    long settled = rememberedUpTo == null ? known : Math.min(known, rememberedUpTo);
    for (Pending pending : agents.values()) {
      settled = Math.min(settled, pending.first - 1);
    }
    return events == null ? settled : Math.min(settled, events.first() - 1);
  }

  synchronized DocumentsLag lag(long now) {
    long oldest = 0;
    for (Pending pending : agents.values()) {
      oldest = Math.max(oldest, now - pending.since);
      break; // those behind it came later, or were put back and wait anew
    }
    return new DocumentsLag(agents.size(), Duration.ofNanos(oldest));
  }

  synchronized boolean isEmpty() {
    return agents.isEmpty() && events == null && rememberedUpTo == null;
  }
}
