package dev.torpor.store.file;

import dev.torpor.state.AgentCounts;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Indexes;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.StateValidator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks all agents of a store, one after the other, and that index entries are those that the
 * entries demand. In memory is one agent at a time: of index entries only sums are kept, and where
 * these differ, all are looked up one by one. Not thread-safe.
 */
final class AgentsCheck {
  private static final List<String> LEFT =
      List.of(Keys.TASKS, "~tasks/", Keys.MAIL, "~thread/", Keys.UNDELIVERABLE);

  private final EntrySource source;
  private final StateValidator validator;
  private final KeyNames names;
  private final BiConsumer<String, String> wrong;

  /** What index entries there must be, less those that there are. */
  private final Sum sum = new Sum();

  private final boolean anyDeleted;
  private final boolean anyDamaged;
  private AgentCounts counts = AgentCounts.NONE;
  private long entries;

  /**
   * @param source in the order of its keys' UTF-8
   * @param wrong takes an agent, or the empty string, and what is wrong
   */
  AgentsCheck(
      EntrySource source,
      StateValidator validator,
      KeyNames names,
      BiConsumer<String, String> wrong) {
    this.source = source;
    this.validator = validator;
    this.names = names;
    this.wrong = wrong;
    this.anyDeleted = source.scan(Keys.DELETED).hasNext();
    this.anyDamaged = source.scan(Keys.status(AgentStatus.DAMAGED)).hasNext();
  }

  void run() {
    runOverAgents();
    Entry said = source.get(Keys.AGENT_COUNTS);
    if (!counts.equals(said == null ? AgentCounts.NONE : said.value())) {
      wrong.accept("", "the counts of agents are %s, counted %s".formatted(said, counts));
    }
    if (!sum.isZero()) {
      lookUpIndexes();
    }
  }

  /** Checks them, and no index entry. */
  void runOverAgents() {
    Group group = new Group("");
    for (Iterator<Entry> all = source.scan(""); all.hasNext(); ) {
      Entry entry = all.next();
      entries++;
      count(entry);
      String key = entry.key();
      String agent = key.startsWith("~") ? "" : key.substring(0, Math.max(0, key.indexOf('/')));
      if (!agent.equals(group.agent)) {
        check(group);
        group = new Group(agent);
      }
      if (!agent.isEmpty()) {
        group.entries.put(key, entry);
      }
    }
    check(group);
  }

  long agents() {
    return counts.all();
  }

  long entries() {
    return entries;
  }

  private void check(Group group) {
    if (group.entries.isEmpty()) {
      return;
    }
    String id = group.agent;
    AgentSnapshot agent = AgentSnapshot.of(id, group);
    if (agent == null && source.get(Keys.importing(id)) != null) {
      return; // it is not there before all of it is
    }
    if (agent == null) {
      wrong.accept(id, "agent '" + id + "' has entries and no session");
      return;
    }
    if (!id.equals(Session.USER)) {
      counts = counts.plus(agent.session().status(), 1);
    }
    if (source.get(Keys.importing(id)) != null) {
      return; // it is being brought back, and nothing of that counts yet
    }
    validator.validate(agent).forEach(broken -> wrong.accept(id, broken));
    long version = agent.session().version();
    for (Entry entry : group.entries.values()) {
      if (entry.version() > version) {
        String what = "'%s' is of version %d, and its agent of %d";
        wrong.accept(id, what.formatted(entry.key(), entry.version(), version));
      }
    }
  }

  private void count(Entry entry) {
    if (!Indexes.isLine(entry.key())) {
      Indexes.of(entry.key(), entry.value(), names).forEach(line -> sum.add(line, 1));
    } else if (!isOutdated(entry)) {
      sum.add(line(entry), -1);
    }
  }

  private static Indexes.Line line(Entry entry) {
    return new Indexes.Line(entry.key(), (String) entry.value());
  }

  /** Whether what an index entry followed from may be gone, with its agent or a part of it. */
  private boolean isOutdated(Entry entry) {
    String agent = Indexes.agentOf(line(entry));
    if (entry.key().startsWith(Keys.IDS) && source.get(Keys.importing(agent)) != null) {
      return true; // its id is taken, and it is not there before all of it is
    }
    return !agent.isEmpty()
        && ((anyDeleted && isNotNewer(entry, Keys.deleted(agent)))
            || (anyDamaged && isNotNewer(entry, Keys.loss(agent))));
  }

  private boolean isNotNewer(Entry entry, String than) {
    Entry last = source.get(than);
    return last != null && last.seq() >= entry.seq();
  }

  private void lookUpIndexes() {
    for (Iterator<Entry> all = source.scan(""); all.hasNext(); ) {
      Entry entry = all.next();
      if (!Indexes.isLine(entry.key())) {
        Indexes.of(entry.key(), entry.value(), names).forEach(line -> lookUp(line, entry));
      } else if (!isOutdated(entry) && !follows(line(entry)) && !isPassedOver(line(entry))) {
        String what = "the index entry '%s' follows from nothing";
        wrong.accept(Indexes.agentOf(line(entry)), what.formatted(entry.key()));
      }
    }
  }

  /**
   * Whether an index entry is one of those that whoever removes an agent by its prefix leaves, and
   * that readers pass over: by an id, and what had it is gone. An import that begins anew, or is
   * dropped, leaves no tombstone that would tell.
   */
  private boolean isPassedOver(Indexes.Line line) {
    return LEFT.stream().anyMatch(line.key()::startsWith)
        && Indexes.sources(line).stream().allMatch(key -> source.get(key) == null);
  }

  private void lookUp(Indexes.Line line, Entry from) {
    Entry there = source.get(line.key());
    if (there == null || !there.value().equals(line.value())) {
      String what = "the index entry '%s' of '%s' %s";
      wrong.accept(
          Indexes.agentOf(line),
          what.formatted(
              line.key(), from.key(), there == null ? "is missing" : "says something else"));
    }
  }

  private boolean follows(Indexes.Line line) {
    for (String key : Indexes.sources(line)) {
      Entry entry = source.get(key);
      if (entry != null && Indexes.of(key, entry.value(), names).contains(line)) {
        return true;
      }
    }
    return false;
  }

  /** The entries of one agent. */
  private static final class Group implements EntrySource {
    private final String agent;
    private final TreeMap<String, Entry> entries = new TreeMap<>();

    Group(String agent) {
      this.agent = agent;
    }

    @Override
    public @Nullable Entry get(String key) {
      return entries.get(key);
    }

    @Override
    public Iterator<Entry> scan(String prefix, String from) {
      List<Entry> found =
          entries.tailMap(from, true).values().stream()
              .takeWhile(entry -> entry.key().startsWith(prefix))
              .toList();
      return found.iterator();
    }
  }

  /** Stands for a bag of index entries: 128 bits that do not depend on their order. */
  private static final class Sum {
    private long a;
    private long b;

    void add(Indexes.Line line, int times) {
      a += times * hash(line, 0x9e3779b97f4a7c15L);
      b += times * hash(line, 0xc2b2ae3d27d4eb4fL);
    }

    boolean isZero() {
      return a == 0 && b == 0;
    }

    private static long hash(Indexes.Line line, long seed) {
      return mixed(hash(line.value(), hash(line.key(), seed) + 1));
    }

    private static long hash(String text, long seed) {
      long hash = seed;
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        hash ^= hash >>> 29;
      }
      return hash;
    }

    /** The last step of SplitMix64. */
    private static long mixed(long hash) {
      long z = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }
  }
}
