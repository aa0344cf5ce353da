package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Deleted;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A commit being decided: the state as it would be, and the changes so far. Not thread-safe. */
public final class Draft {
  private final Fold fold;
  private final Stamp stamp;
  private final Limits limits;
  private final Supplier<String> ids;
  private final List<Change> changes = new ArrayList<>();

  /**
   * A draft over a fold in which nothing waits to be taken.
   *
   * @param ids unique ids that sort by their age
   */
  public Draft(Fold fold, Stamp stamp, Limits limits, Supplier<String> ids) {
    this.fold = fold;
    this.stamp = stamp;
    this.limits = limits;
    this.ids = ids;
  }

  public List<Change> changes() {
    return changes;
  }

  public Stamp stamp() {
    return stamp;
  }

  public Instant now() {
    return stamp.at();
  }

  Limits limits() {
    return limits;
  }

  public Fold fold() {
    return fold;
  }

  String newId() {
    return ids.get();
  }

  /** An agent; null when there is none. */
  public @Nullable AgentState find(String agentId) {
    return fold.agent(agentId);
  }

  /**
   * An agent; null when there is none.
   *
   * @throws Refusal when it is damaged
   */
  @Nullable AgentState sound(String agentId) {
    AgentState agent = fold.agent(agentId);
    if (agent != null && agent.session().status() == AgentStatus.DAMAGED) {
      throw Refusal.damaged(agent);
    }
    return agent;
  }

  /** An agent that must exist, and not be damaged. */
  AgentState agent(String agentId) {
    AgentState agent = sound(agentId);
    if (agent == null) {
      throw Refusal.notFound(
          "agent_not_found", "agent_id", "agent '%s' does not exist", Names.shown(agentId));
    }
    return agent;
  }

  /** The version that an agent had last, before it was deleted; 0 for one that never was. */
  long lastVersion(String agentId) {
    Deleted deleted = (Deleted) fold.value(Keys.deleted(agentId));
    return deleted == null ? 0 : deleted.version();
  }

  /** Makes a change of an agent true, at its next version. */
  public void emit(String agentId, LongFunction<Change.OfAgent> change) {
    AgentState agent = fold.agent(agentId);
    emit(change.apply((agent == null ? lastVersion(agentId) : agent.version()) + 1));
  }

  public void emit(Change change) {
    fold.apply(change, stamp);
    changes.add(change);
  }
}
