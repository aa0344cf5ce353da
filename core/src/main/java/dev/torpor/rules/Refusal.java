package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.Loss;
import org.jspecify.annotations.Nullable;

/** A request that cannot be carried out; nothing was changed. */
public final class Refusal extends RuntimeException {
  /** What kind of refusal. */
  public enum Kind {
    /** What the request names does not exist. */
    NOT_FOUND,
    /** It exists already, has the wrong status or another version, or a key was used otherwise. */
    CONFLICT,
    /** Something is larger or more than may be. */
    LIMIT_EXCEEDED,
    /** A parameter makes no sense. */
    INVALID,
    /** A part of the agent that it is about was lost. */
    DAMAGED
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final @Nullable String field;
  private final transient @Nullable Loss loss;

  private Refusal(Kind kind, String reason, @Nullable String field, String message) {
    this(kind, reason, field, message, null);
  }

  private Refusal(
      Kind kind, String reason, @Nullable String field, String message, @Nullable Loss loss) {
    super(message, null, false, false); // an answer, not an accident: no stack trace
    this.loss = loss;
    this.kind = kind;
    this.reason = reason;
    this.field = field;
  }

  static Refusal notFound(String reason, String field, String format, Object... arguments) {
    return new Refusal(Kind.NOT_FOUND, reason, field, format.formatted(arguments));
  }

  static Refusal conflict(String reason, String field, String format, Object... arguments) {
    return new Refusal(Kind.CONFLICT, reason, field, format.formatted(arguments));
  }

  /** A refusal at a limit, whose name is the reason. */
  static Refusal limit(String limit, String field, String format, Object... arguments) {
    return new Refusal(Kind.LIMIT_EXCEEDED, limit, field, format.formatted(arguments));
  }

  static Refusal invalid(String field, String format, Object... arguments) {
    return new Refusal(Kind.INVALID, "invalid", field, format.formatted(arguments));
  }

  /** A refusal of what would touch a damaged agent. */
  public static Refusal damaged(AgentState agent) {
    Loss loss = agent.loss();
    String id = agent.session().agentId();
    String what = loss == null ? "" : " (%s)".formatted(loss.what());
    return new Refusal(
        Kind.DAMAGED,
        "damaged",
        "agent_id",
        "part of agent '%s' was lost%s; what is left is in quarantine/agents".formatted(id, what),
        loss);
  }

  /** What the agent lost that this is about; null of another kind. */
  public @Nullable Loss loss() {
    return loss;
  }

  public Kind kind() {
    return kind;
  }

  /** One word for machines: {@code agent_not_found}, or the name of a limit. */
  public String reason() {
    return reason;
  }

  /** The parameter that it is about; null when it is about none. */
  public @Nullable String field() {
    return field;
  }

  /** The sentence; never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
