package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Session;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The life of an agent: created, updated, started, stopped, deleted. */
final class AgentRules {
  private AgentRules() {}

  static AgentView create(Draft draft, Request.CreateAgent request) {
    String id = request.agentId();
    Names.checkName(request.name(), "name");
    checkSettings(
        request.behavior(),
        request.configuration(),
        request.toolSets(),
        request.metadata(),
        draft.limits());
    Object existing = Names.isUser(id) ? Session.USER : draft.fold().value(Keys.id(id));
    if (existing != null) {
      throw Refusal.conflict(
          "agent_exists",
          "agent_id",
          existing.equals(id)
              ? "agent '%s' exists already"
              : "agent '%s' would differ from '%s' in case only; ids are unique regardless of it",
          id,
          existing);
    }
    create(draft, request, request.name() == null ? id : request.name());
    return AgentView.of(draft.agent(id));
  }

  private static void create(Draft draft, Request.CreateAgent r, String name) {
    draft.emit(
        r.agentId(),
        v ->
            new Change.AgentCreated(
                r.agentId(),
                v,
                name,
                r.behavior(),
                r.configuration(),
                r.toolSets(),
                r.metadata(),
                r.autoStart()));
  }

  /** The mailbox for people, which every store has. */
  static void createUser(Draft draft) {
    draft.emit(
        Session.USER,
        v ->
            new Change.AgentCreated(
                Session.USER, v, Session.USER, "none", Map.of(), List.of(), Map.of(), false));
  }

  static AgentView update(Draft draft, Request.UpdateAgent r) {
    String id = r.agentId();
    Names.checkName(r.name(), "name");
    checkSettings(r.behavior(), r.configuration(), r.toolSets(), r.metadata(), draft.limits());
    draft.agent(id);
    draft.emit(
        id,
        v ->
            new Change.AgentUpdated(
                id, v, r.name(), r.behavior(), r.configuration(), r.toolSets(), r.metadata()));
    return AgentView.of(draft.agent(id));
  }

  private static void checkSettings(
      @Nullable String behavior,
      @Nullable Object configuration,
      @Nullable List<String> toolSets,
      @Nullable Object metadata,
      Limits limits) {
    if (behavior != null && behavior.isBlank()) {
      throw Refusal.invalid("behavior", "a behavior has a name");
    }
    Names.checkName(behavior, "behavior");
    Names.checkText(configuration, "configuration", limits);
    Names.checkText(toolSets, "tool_sets", limits);
    Names.checkText(metadata, "metadata", limits);
  }

  static AgentView start(Draft draft, String id) {
    AgentState agent = draft.agent(id);
    if (agent.session().status() == AgentStatus.STOPPED) {
      draft.emit(id, v -> new Change.AgentStarted(id, v));
    }
    return AgentView.of(draft.agent(id));
  }

  static AgentView stop(Draft draft, String id) {
    Session session = draft.agent(id).session();
    switch (session.status()) {
      case STOPPED, DAMAGED -> {}
      case ACTIVE -> {
        if (!session.stopRequested()) {
          draft.emit(id, v -> new Change.StopRequested(id, v));
        }
      }
      case IDLE, WAITING, SLEEPING -> draft.emit(id, v -> new Change.AgentStopped(id, v));
    }
    return AgentView.of(draft.agent(id));
  }

  /** A damaged one can be deleted, too. */
  static void delete(Draft draft, String id) {
    if (draft.find(id) == null) {
      draft.agent(id);
    }
    draft.emit(id, v -> new Change.AgentDeleted(id, v));
  }
}
