package dev.torpor.store.file.document;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent's documents as its own document names them.
 *
 * @param version of the agent
 * @param seq the sequence number of the commit that made this version
 * @param createdAt when the agent was created: one of the same id that lived before has another
 * @param parts what there is beside its own
 */
record AgentSet(long version, long seq, String createdAt, Map<Part, Written> parts) {
  AgentSet {
    parts = Map.copyOf(parts);
  }

  @Nullable Written part(Part part) {
    return parts.get(part);
  }

  /** The same without one that cannot be trusted. */
  AgentSet without(Part part) {
    Map<Part, Written> rest = new EnumMap<>(Part.class);
    rest.putAll(parts);
    rest.remove(part);
    return new AgentSet(version, seq, createdAt, rest);
  }
}
