package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.rules.AgentView;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.AgentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code agent.*}. */
final class AgentMethods {
  private final Torpor torpor;

  AgentMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.changing(
        "agent.create",
        this::create,
        "agent_id",
        "name",
        "behavior",
        "configuration",
        "tool_sets",
        "metadata",
        "auto_start");
    methods.reading("agent.get", this::get, "agent_id");
    methods.changing(
        "agent.update",
        this::update,
        "agent_id",
        "name",
        "behavior",
        "configuration",
        "tool_sets",
        "metadata");
    methods.reading("agent.list", this::list, "status", "limit", "cursor");
    methods.changing("agent.start", this::start, "agent_id");
    methods.changing("agent.stop", this::stop, "agent_id");
    methods.changing("agent.delete", this::delete, "agent_id");
    methods.changing(
        "agent.sleep",
        this::sleep,
        "agent_id",
        "duration_seconds",
        "until",
        "wake_events",
        "reason",
        "wake_task");
    methods.changing("agent.wake", this::wake, "agent_id", "reason");
  }

  @SuppressWarnings("NullAway") // a compiled compact constructor forgets that values may be null
  private Supplier<?> create(Params p, Carrier carrier) {
    String behavior = p.text("behavior", BuiltInBehaviors.ECHO);
    List<String> toolSets = p.texts("tool_sets");
    Request<AgentView> request =
        new Request.CreateAgent(
            p.text("agent_id"),
            p.optionalText("name"),
            behavior,
            p.objectOrEmpty("configuration"),
            toolSets == null ? List.of() : toolSets,
            p.objectOrEmpty("metadata"),
            p.flag("auto_start", true));
    checkKnown(behavior, request, p);
    return agent(request, p, carrier);
  }

  /** What was carried out already is answered again, whatever this server knows. */
  private void checkKnown(String behavior, Request<?> request, Params p) {
    if (!torpor.behaviors().contains(behavior) && !torpor.isAnswered(request, p.terms())) {
      throw new RpcException(
          RpcException.NOT_FOUND,
          "behavior_not_found",
          "behavior",
          "this server has no behavior '" + behavior + "'",
          "known are " + String.join(", ", torpor.behaviors().stream().sorted().toList()));
    }
  }

  private Map<String, @Nullable Object> get(Params p) {
    return view(torpor.view(p.text("agent_id")));
  }

  private Supplier<?> update(Params p, Carrier carrier) {
    String behavior = p.optionalText("behavior");
    Request<AgentView> request =
        new Request.UpdateAgent(
            p.text("agent_id"),
            p.optionalText("name"),
            behavior,
            p.object("configuration"),
            p.texts("tool_sets"),
            p.object("metadata"));
    if (behavior != null) {
      checkKnown(behavior, request, p);
    }
    return agent(request, p, carrier);
  }

  private Map<String, @Nullable Object> list(Params p) {
    return Views.page(
        "agents",
        torpor.agents(p.oneOf("status", AgentStatus.class), p.limit(), p.optionalText("cursor")),
        Views::summary);
  }

  private Supplier<?> start(Params p, Carrier carrier) {
    return agent(new Request.StartAgent(p.text("agent_id")), p, carrier);
  }

  private Supplier<?> stop(Params p, Carrier carrier) {
    return agent(new Request.StopAgent(p.text("agent_id")), p, carrier);
  }

  private Supplier<?> delete(Params p, Carrier carrier) {
    Supplier<Boolean> deleted =
        carrier.carry(new Request.DeleteAgent(p.text("agent_id")), p.terms());
    return () -> Map.of("deleted", deleted.get());
  }

  private Supplier<?> sleep(Params p, Carrier carrier) {
    Duration duration = p.duration("duration_seconds");
    Instant until = p.time("until");
    if (duration != null && until != null) {
      throw new InvalidParamException(
          "invalid", "until", "give duration_seconds or until, not both", null);
    }
    List<String> events = p.texts("wake_events");
    return agent(
        new Request.PutToSleep(
            p.text("agent_id"),
            new SleepDraft(
                duration,
                until,
                events == null ? List.of() : events,
                p.optionalText("reason"),
                p.flag("wake_task", false))),
        p,
        carrier);
  }

  private Supplier<?> wake(Params p, Carrier carrier) {
    return agent(new Request.WakeAgent(p.text("agent_id"), p.optionalText("reason")), p, carrier);
  }

  private Supplier<?> agent(Request<AgentView> request, Params p, Carrier carrier) {
    Supplier<AgentView> agent = carrier.carry(request, p.terms());
    return () -> view(agent.get());
  }

  private Map<String, @Nullable Object> view(AgentView agent) {
    return Views.agent(agent, torpor.whyNotRunning(agent.session()));
  }
}
