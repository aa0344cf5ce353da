package dev.torpor.store.file.document;

import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Keys;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The check of an agent before its documents are written. A validator looks at all of an agent, so
 * one that has more than {@value #ENTRIES} entries is left to the store's own checks: nothing here
 * may cost more, the longer a history is.
 */
final class Validation {
  static final int ENTRIES = 256;

  private Validation() {}

  /** What does not hold of it, a sentence each; empty when all is well, or was not looked at. */
  static List<String> broken(StateValidator validator, Snapshot snapshot, String agent)
      throws IOException {
    TreeMap<String, Entry> entries = new TreeMap<>();
    for (Iterator<Entry> i = snapshot.scan(Keys.agent(agent)); i.hasNext(); ) {
      Entry entry = i.next();
      entries.put(entry.key(), entry);
      if (entries.size() > ENTRIES) {
        return List.of();
      }
    }
    return broken(validator, agent, entries);
  }

  /** What does not hold of an agent that has these entries. */
  static List<String> broken(
      StateValidator validator, String agent, TreeMap<String, Entry> entries) {
    AgentSnapshot all = AgentSnapshot.of(agent, new Gathered(entries));
    return all == null ? List.of() : validator.validate(all);
  }

  private record Gathered(TreeMap<String, Entry> entries) implements EntrySource {
    @Override
    public @Nullable Entry get(String key) {
      return entries.get(key);
    }

    @Override
    public Iterator<Entry> scan(String prefix, String from) {
      return entries.tailMap(from, true).values().stream()
          .takeWhile(entry -> entry.key().startsWith(prefix))
          .iterator();
    }
  }
}
