package dev.torpor.store;

import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Session;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What documents for people say of an agent that is damaged in the store.
 *
 * @param agent its id
 * @param version which version of it they show; 0 when they show none
 * @param refusal why they cannot bring it back, in words; null when they can: they are whole and
 *     valid, and show no earlier version than anything else that can be read
 * @param session its session; null when they cannot
 * @param entries all its other entries; empty when they cannot
 */
public record SavedAgent(
    String agent,
    long version,
    @Nullable String refusal,
    @Nullable Session session,
    List<ImportedEntry> entries) {
  public SavedAgent {
    entries = List.copyOf(entries);
  }

  /** Of one whose documents cannot bring it back. */
  public static SavedAgent refused(String agent, long version, String refusal) {
    return new SavedAgent(agent, version, refusal, null, List.of());
  }

  /** Whether they can bring it back. */
  public boolean serves() {
    return refusal == null;
  }

  /** The same without what it has. */
  public SavedAgent withoutEntries() {
    return new SavedAgent(agent, version, refusal, session, List.of());
  }
}
