package dev.torpor.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The fold: changes in, writes of entries out.
 *
 * <p>It reads from a source and never writes to it. What its changes have written since the last
 * {@link #take()} lies over the source, so that each change sees the ones before; {@link #undo()}
 * drops it, as if the changes had never been. A commit is therefore: apply, then take and hand the
 * writes to the source's owner, or undo. Nothing else may change the source while a fold is over
 * it. The same class serves the runtime, recovery and every test that holds one against the other.
 * Not thread-safe.
 */
public final class Fold implements EntrySource {
  private final EntrySource source;
  private final KeyNames names;

  private List<EntryWrite> writes = new ArrayList<>();
  private final Map<String, EntryWrite> fresh = new HashMap<>();
  private final List<String> removedPrefixes = new ArrayList<>();

  /** How many more agents there are of a status, by its ordinal, than the counts say. */
  private final int[] counted = new int[AgentStatus.values().length];

  /** The agent that was asked for last, since most decisions ask for one several times. */
  private @Nullable AgentState latest;

  /**
   * A fold over a source.
   *
   * @param names how free text becomes a part of a key; the same for the whole life of a store
   */
  public Fold(EntrySource source, KeyNames names) {
    this.source = source;
    this.names = names;
  }

  public KeyNames names() {
    return names;
  }

  /** An agent; null when there is none of this id. */
  public @Nullable AgentState agent(String id) {
    AgentState known = latest;
    if (known != null && known.session().agentId().equals(id)) {
      return known;
    }
    Object session = value(Keys.session(id));
    AgentState agent = session == null ? null : new AgentState(this, (Session) session);
    latest = agent;
    return agent;
  }

  /**
   * Makes a change true.
   *
   * @throws IllegalStateException when the change does not fit the state: another version than the
   *     next, a task that is not where the change needs it, an agent that is not there. What it
   *     wrote until then must be undone.
   */
  public void apply(Change change, Stamp stamp) {
    switch (change) {
      case Change.AgentCreated c -> AgentFold.create(this, c, stamp);
      case Change.AgentDamaged c -> AgentFold.damage(this, c, stamp);
      case Change.OfAgent c -> AgentFold.apply(this, existing(c.agent()), c, stamp);
      case Change.OfStore c -> apply(c, stamp);
      case Change.OfImport c -> ImportFold.apply(this, c, stamp);
    }
  }

  private AgentState existing(String id) {
    AgentState agent = agent(id);
    if (agent == null) {
      throw new IllegalStateException("a change of agent '" + id + "', which does not exist");
    }
    return agent;
  }

  private void apply(Change.OfStore change, Stamp stamp) {
    switch (change) {
      case Change.EventBroadcast c -> {
        Event event = new Event(c.event(), c.data(), stamp.at(), stamp.seq());
        put(Keys.event(names.name(c.event())), 0, event);
        put(Keys.LAST_EVENT, 0, event);
        put(Keys.broadcast(stamp.seq()), 0, new Broadcast(event, 0, List.of(), c.request()));
      }
      case Change.BroadcastDelivered c -> {
        String key = Keys.broadcast(c.broadcast());
        put(key, 0, delivered((Broadcast) required(key), c.woken()));
      }
      case Change.DeliveryKept c ->
          put(Keys.delivery(c.agent(), c.delivery().id()), 0, c.delivery());
      case Change.DeliveryTaken c -> take(c.agent(), c.delivery());
      case Change.ErasureBegun c -> put(Keys.ERASED, 0, new Erased(c.upTo(), stamp.at()));
      case Change.BroadcastEnded c -> remove(Keys.broadcast(c.broadcast()));
      case Change.RequestRemembered c ->
          put(
              Keys.remembered(c.method(), c.agent(), names.name(c.key())),
              0,
              new Remembered(c.digest(), c.answer(), stamp.at()));
    }
  }

  /** Takes what was kept from there. To what the agent has already, its index entries lead on. */
  private void take(String agent, String id) {
    var _ = required(Keys.delivery(agent, id));
    remove(Keys.delivery(agent, id));
    for (String key : List.of(Keys.task(agent, id), Keys.mail(agent, id))) {
      Entry had = get(key);
      if (had != null) {
        replace(key, had.version(), null, had.value());
      }
    }
    if (!scan(Keys.kept(agent)).hasNext()) {
      remove(Keys.untaken(agent));
    }
  }

  private static Broadcast delivered(Broadcast b, List<String> woken) {
    List<String> agents = new ArrayList<>(b.agents());
    agents.addAll(woken.subList(0, Math.min(woken.size(), Broadcast.NAMED - agents.size())));
    return new Broadcast(b.event(), b.woken() + woken.size(), agents, b.request());
  }

  /** The writes since the last take, in their order. The source's owner now makes them true. */
  public List<EntryWrite> take() {
    count();
    List<EntryWrite> taken = writes.isEmpty() ? List.of() : writes;
    undo();
    return taken;
  }

  /** Writes the counts, if they changed. */
  private void count() {
    AgentCounts before = null;
    AgentCounts counts = AgentCounts.NONE;
    for (AgentStatus status : AgentStatus.values()) {
      int more = counted[status.ordinal()];
      if (more != 0) {
        if (before == null) {
          before = counts();
          counts = before;
        }
        counts = counts.plus(status, more);
      }
    }
    if (before != null) {
      write(new EntryWrite.Put(Keys.AGENT_COUNTS, 0, counts));
    }
  }

  /** How many agents have each status; without what was not taken yet. */
  public AgentCounts counts() {
    Object counts = value(Keys.AGENT_COUNTS);
    return counts == null ? AgentCounts.NONE : (AgentCounts) counts;
  }

  /** Drops all writes since the last take. */
  public void undo() {
    latest = null;
    Arrays.fill(counted, 0);
    if (!writes.isEmpty()) {
      writes = new ArrayList<>();
      fresh.clear();
      removedPrefixes.clear();
    }
  }

  @Override
  public void need(Collection<String> keys) {
    source.need(keys);
  }

  @Override
  public @Nullable Entry get(String key) {
    EntryWrite write = fresh.get(key);
    if (write instanceof EntryWrite.Put put) {
      return new Entry(key, put.version(), Long.MAX_VALUE, put.value());
    }
    return write != null || isRemoved(key) ? null : source.get(key);
  }

  /** The value of a key; null when there is none. */
  public @Nullable Object value(String key) {
    EntryWrite write = fresh.get(key);
    if (write instanceof EntryWrite.Put put) {
      return put.value();
    }
    if (write != null || isRemoved(key)) {
      return null;
    }
    Entry entry = source.get(key);
    return entry == null ? null : entry.value();
  }

  /**
   * The agent that an index entry by an id leads to; null when there is no such entry, or only one
   * that was left by an agent which was deleted behind it. Merges drop such entries at any time.
   */
  public @Nullable String owner(String key) {
    Entry line = get(key);
    if (line == null) {
      return null;
    }
    String agent = (String) line.value();
    Entry deleted = get(Keys.deleted(agent));
    return deleted != null && deleted.seq() >= line.seq() ? null : agent;
  }

  private boolean isRemoved(String key) {
    return !removedPrefixes.isEmpty() && removedPrefixes.stream().anyMatch(key::startsWith);
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    Iterator<Entry> below = source.scan(prefix, from);
    if (writes.isEmpty()) {
      return below;
    }
    List<Entry> own = new ArrayList<>();
    for (String key : fresh.keySet()) {
      if (key.startsWith(prefix) && Keys.compare(key, from) >= 0) {
        Entry entry = get(key);
        if (entry != null) {
          own.add(entry);
        }
      }
    }
    own.sort((a, b) -> Keys.compare(a.key(), b.key()));
    return new Overlaid(own.iterator(), below);
  }

  /** What was written over what is below, read no further than somebody asks. */
  private final class Overlaid implements Iterator<Entry> {
    private final Iterator<Entry> own;
    private final Iterator<Entry> below;
    private @Nullable Entry nextOwn;
    private @Nullable Entry nextBelow;

    Overlaid(Iterator<Entry> own, Iterator<Entry> below) {
      this.own = own;
      this.below = below;
    }

    @Override
    public boolean hasNext() {
      while (nextBelow == null && below.hasNext()) {
        Entry entry = below.next();
        if (!fresh.containsKey(entry.key()) && !isRemoved(entry.key())) {
          nextBelow = entry;
        }
      }
      if (nextOwn == null && own.hasNext()) {
        nextOwn = own.next();
      }
      return nextBelow != null || nextOwn != null;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry ours = nextOwn;
      Entry theirs = nextBelow;
      if (theirs == null || (ours != null && Keys.compare(ours.key(), theirs.key()) < 0)) {
        nextOwn = null;
        return Objects.requireNonNull(ours);
      }
      nextBelow = null;
      return theirs;
    }
  }

  Object required(String key) {
    Object value = value(key);
    if (value == null) {
      throw new IllegalStateException("no entry " + key);
    }
    return value;
  }

  /** Puts an entry, and the index entries that follow from it. */
  void put(String key, long version, Object value) {
    replace(key, version, Indexes.has(value) ? value(key) : null, value);
  }

  /** {@link #put} by who knows what is there; null for nothing. */
  void replace(String key, long version, @Nullable Object old, Object value) {
    write(new EntryWrite.Put(key, version, value));
    if (old == null || !Indexes.same(old, value)) {
      reindex(key, version, old, value);
    }
  }

  /** Removes an entry, if it is there, and the index entries that followed from it. */
  void remove(String key) {
    Object old = value(key);
    if (old != null) {
      write(new EntryWrite.Remove(key));
      reindex(key, 0, old, null);
    }
  }

  /** Removes an index entry, whether it is there or not. */
  void removeLine(String key) {
    write(new EntryWrite.Remove(key));
  }

  /** Removes all entries that begin so; index entries elsewhere are their readers' to pass over. */
  void removePrefix(String prefix) {
    latest = null;
    writes.add(new EntryWrite.RemovePrefix(prefix));
    fresh.keySet().removeIf(key -> key.startsWith(prefix));
    removedPrefixes.add(prefix);
  }

  private void count(@Nullable Object session, int by) {
    if (session instanceof Session s && !s.agentId().equals(Session.USER)) {
      counted[s.status().ordinal()] += by;
    }
  }

  private void reindex(String key, long version, @Nullable Object old, @Nullable Object value) {
    count(old, -1);
    count(value, 1);
    List<Indexes.Line> before = old == null ? List.of() : Indexes.of(key, old, names);
    List<Indexes.Line> after = value == null ? List.of() : Indexes.of(key, value, names);
    for (Indexes.Line line : before) {
      if (!after.contains(line)) {
        write(new EntryWrite.Remove(line.key()));
      }
    }
    for (Indexes.Line line : after) {
      if (!before.contains(line)) {
        write(new EntryWrite.Put(line.key(), version, line.value()));
      }
    }
  }

  private void write(EntryWrite write) {
    latest = null;
    writes.add(write);
    fresh.put(write.key(), write);
  }
}
