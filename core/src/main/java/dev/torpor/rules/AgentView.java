package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent as an answer shows it.
 *
 * @param sleep null unless it is sleeping
 * @param memory its working memory
 */
public record AgentView(Session session, @Nullable Sleep sleep, List<MemoryItem> memory) {
  public AgentView {
    memory = List.copyOf(memory);
  }

  public static AgentView of(AgentState agent) {
    return new AgentView(agent.session(), agent.sleep(), agent.memory());
  }
}
