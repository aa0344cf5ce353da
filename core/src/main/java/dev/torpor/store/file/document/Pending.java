package dev.torpor.store.file.document;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** What of an agent changed and is not in its documents yet. Guarded by whoever owns it. */
final class Pending {
  /** How many changed keys are remembered for an agent; beyond that, all of its are looked at. */
  private static final int KEYS = 1000;

  final String agent;

  /** The sequence number of the first change. */
  long first;

  /** The sequence number of the last. */
  long last;

  /** When the first came, as {@link System#nanoTime()} tells. */
  long since;

  /** Which documents are concerned, as {@linkplain Part#bit() bits}. */
  int parts = Part.SESSION.bit();

  /** Keys of tasks that finished and of mail that changed; null when not all are known. */
  private @Nullable List<String> keys = new ArrayList<>(0);

  /** Whether the agent was deleted, so that nothing of its documents is of any use. */
  boolean reset;

  /**
   * Whether the documents may be other than was written, since it is not known how it ended. Then
   * all of them are concerned, and not all keys are known.
   */
  boolean untrusted;

  Pending(String agent, long seq, long since) {
    this.agent = agent;
    this.first = seq;
    this.last = seq;
    this.since = since;
  }

  /** One of whose changes nothing is known, not even whether there are any. */
  static Pending anything(String agent, boolean untrusted) {
    Pending pending = new Pending(agent, Long.MAX_VALUE, System.nanoTime());
    pending.last = 0;
    pending.parts = Part.ALL;
    pending.keys = null;
    pending.untrusted = untrusted;
    return pending;
  }

  /** One whose documents are to be looked at, so that until then nothing counts as projected. */
  static Pending again(String agent) {
    Pending pending = anything(agent, true);
    pending.first = 0;
    return pending;
  }

  void addKey(String key) {
    if (keys != null && keys.size() < KEYS) {
      keys.add(key);
    } else {
      keys = null;
    }
  }

  void forgetKeys() {
    keys = null;
  }

  int keyCount() {
    return keys == null ? 0 : keys.size();
  }

  /** Keys of tasks that finished and of mail that changed; null when not all are known. */
  @Nullable SequencedSet<String> keys() {
    return keys == null ? null : new LinkedHashSet<>(keys);
  }

  void reset() {
    reset = true;
    parts = Part.ALL;
    keys = null;
  }

  boolean touches(Part part) {
    return (parts & part.bit()) != 0;
  }

  /** Adds what another knows of the same agent. */
  void add(Pending other) {
    first = Math.min(first, other.first);
    last = Math.max(last, other.last);
    since = since - other.since < 0 ? since : other.since;
    parts |= other.parts;
    reset |= other.reset;
    untrusted |= other.untrusted;
    if (other.keys == null) {
      keys = null;
    } else {
      other.keys.forEach(this::addKey);
    }
  }
}
