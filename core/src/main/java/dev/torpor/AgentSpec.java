package dev.torpor;

import dev.torpor.state.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is to be, when it is created.
 *
 * @param behavior the name of the code that runs its turns
 * @param name for people; null: its id
 * @param configuration free settings of the behavior
 * @param toolSets names of the tools that it may use
 * @param metadata anything else
 * @param autoStart false: it is stopped at first
 */
public record AgentSpec(
    String behavior,
    @Nullable String name,
    Map<String, @Nullable Object> configuration,
    List<String> toolSets,
    Map<String, @Nullable Object> metadata,
    boolean autoStart) {
  public AgentSpec {
    configuration = Json.freezeObject(configuration);
    toolSets = List.copyOf(toolSets);
    metadata = Json.freezeObject(metadata);
  }

  /** An agent that runs a behavior, with nothing else said. */
  public static AgentSpec of(String behavior) {
    return new AgentSpec(behavior, null, Map.of(), List.of(), Map.of(), true);
  }

  public AgentSpec name(String name) {
    return new AgentSpec(behavior, name, configuration, toolSets, metadata, autoStart);
  }

  public AgentSpec configuration(Map<String, @Nullable Object> configuration) {
    return new AgentSpec(behavior, name, configuration, toolSets, metadata, autoStart);
  }

  public AgentSpec toolSets(List<String> toolSets) {
    return new AgentSpec(behavior, name, configuration, toolSets, metadata, autoStart);
  }

  public AgentSpec metadata(Map<String, @Nullable Object> metadata) {
    return new AgentSpec(behavior, name, configuration, toolSets, metadata, autoStart);
  }

  public AgentSpec autoStart(boolean autoStart) {
    return new AgentSpec(behavior, name, configuration, toolSets, metadata, autoStart);
  }
}
