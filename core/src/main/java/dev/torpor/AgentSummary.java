package dev.torpor;

import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import org.jspecify.annotations.Nullable;

/**
 * An agent as a list shows it.
 *
 * @param sleep null unless it is sleeping
 */
public record AgentSummary(Session session, @Nullable Sleep sleep) {}
