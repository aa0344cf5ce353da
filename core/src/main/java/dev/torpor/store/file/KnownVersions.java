package dev.torpor.store.file;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of agents entries know of, where some of the entries may be lost: then a session
 * may be older than what else there is of its agent, or of a life that is over.
 */
record KnownVersions(EntrySource entries) {

  /** The version that an agent has, or had when it was deleted; 0 for one that nothing knows. */
  long last(String agent) {
    Entry session = entries.get(Keys.session(agent));
    return Math.max(session == null ? 0 : ((Session) session.value()).version(), deleted(agent));
  }

  /** The highest version of an agent that anything knows of, but for that of its damage. */
  long highest(String agent) {
    long damaged = damaged(agent);
    long highest = 0;
    for (Iterator<Entry> all = entries.scan(Keys.agent(agent)); all.hasNext(); ) {
      long version = all.next().version();
      highest = Math.max(highest, version == damaged ? version - 1 : version);
    }
    return Math.max(highest, deleted(agent));
  }

  /** The version at which an agent was found damaged; 0 where nothing says so. */
  long damaged(String agent) {
    Entry loss = entries.get(Keys.loss(agent));
    Entry session = entries.get(Keys.session(agent));
    long lossAt = loss == null ? 0 : loss.version();
    return session != null && ((Session) session.value()).status() == AgentStatus.DAMAGED
        ? Math.max(lossAt, session.version())
        : lossAt;
  }

  private long deleted(String agent) {
    Entry deleted = entries.get(Keys.deleted(agent));
    return deleted == null ? 0 : ((Deleted) deleted.value()).version();
  }

  /** Whether an agent was deleted, and nothing says that there was one of its id since. */
  boolean isDeleted(String agent) {
    Entry deleted = entries.get(Keys.deleted(agent));
    return deleted != null
        && isBefore(entries.get(Keys.session(agent)), deleted)
        && isBefore(entries.get(Keys.id(agent)), deleted);
  }

  private static boolean isBefore(@Nullable Entry entry, Entry deleted) {
    return entry == null || entry.seq() <= deleted.seq();
  }
}
