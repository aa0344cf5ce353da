package dev.torpor;

import dev.torpor.rules.Refusal;
import dev.torpor.state.Loss;
import dev.torpor.store.StoreException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Torpor did not do what it was asked. The message names the thing, the reason and the way out. */
public final class TorporException extends RuntimeException {
  /** What kind of failure. */
  public enum Kind {
    NOT_FOUND,
    /** It exists already, has the wrong status or another version, or a key was used otherwise. */
    CONFLICT,
    LIMIT_EXCEEDED,
    /** A parameter makes no sense. */
    INVALID,
    /** The store; the reason is {@code full} or {@code read_only}: not done. */
    UNAVAILABLE,
    /** Nobody can say whether it was done: repeat it with the same idempotency key. */
    OUTCOME_UNKNOWN,
    DAMAGED,
    /** It did not come about in the time that was given. */
    TIMEOUT
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String reason;
  private final @Nullable String field;
  private final transient @Nullable Loss loss;

  TorporException(
      Kind kind, String reason, @Nullable String field, String message, @Nullable Throwable cause) {
    this(kind, reason, field, message, cause, null);
  }

  private TorporException(
      Kind kind,
      String reason,
      @Nullable String field,
      String message,
      @Nullable Throwable cause,
      @Nullable Loss loss) {
    super(message, cause);
    this.loss = loss;
    this.kind = kind;
    this.reason = reason;
    this.field = field;
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

  /** What a damaged agent lost; null where this is about none, or nobody knows. */
  public @Nullable Loss loss() {
    return loss;
  }

  /** Runs something and gives what it refuses in this type. */
  static <T extends @Nullable Object> T translating(Supplier<T> action) {
    try {
      return action.get();
    } catch (Refusal e) {
      throw of(e);
    } catch (StoreException e) {
      throw of(e);
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof StoreException cause) {
        throw of(cause);
      }
      throw e;
    }
  }

  static TorporException of(Refusal e) {
    Kind kind =
        switch (e.kind()) {
          case NOT_FOUND -> Kind.NOT_FOUND;
          case CONFLICT -> Kind.CONFLICT;
          case LIMIT_EXCEEDED -> Kind.LIMIT_EXCEEDED;
          case INVALID -> Kind.INVALID;
          case DAMAGED -> Kind.DAMAGED;
        };
    return new TorporException(kind, e.reason(), e.field(), e.getMessage(), null, e.loss());
  }

  static TorporException of(StoreException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case FULL -> new TorporException(Kind.UNAVAILABLE, "full", null, message, e);
      case READ_ONLY, NOT_OWNER, LOCKED, UNUSABLE ->
          new TorporException(Kind.UNAVAILABLE, "read_only", null, message, e);
      case OUTCOME_UNKNOWN ->
          new TorporException(Kind.OUTCOME_UNKNOWN, "outcome_unknown", null, message, e);
      case TOO_LARGE ->
          new TorporException(Kind.LIMIT_EXCEEDED, "max_line_bytes", null, message, e);
      case DAMAGED -> new TorporException(Kind.DAMAGED, "damaged", null, message, e);
    };
  }

  static TorporException notFound(String reason, String field, String message) {
    return new TorporException(Kind.NOT_FOUND, reason, field, message, null);
  }

  static TorporException conflict(String reason, String field, String message) {
    return new TorporException(Kind.CONFLICT, reason, field, message, null);
  }

  static TorporException invalid(String field, String message) {
    return new TorporException(Kind.INVALID, "invalid", field, message, null);
  }

  static TorporException timeout(String message) {
    return new TorporException(Kind.TIMEOUT, "timeout", null, message, null);
  }
}
