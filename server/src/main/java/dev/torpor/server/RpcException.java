package dev.torpor.server;

import dev.torpor.state.Loss;
import org.jspecify.annotations.Nullable;

/** A call that is answered with an error. */
public final class RpcException extends RuntimeException {
  static final int PARSE_ERROR = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL = -32603;
  static final int NOT_FOUND = -32001;
  static final int CONFLICT = -32002;
  static final int LIMIT_EXCEEDED = -32003;
  static final int NOT_AUTHORISED = -32004;
  static final int UNAVAILABLE = -32005;
  static final int DAMAGED = -32006;

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;
  private final @Nullable String field;
  private final @Nullable String hint;
  private final transient @Nullable Loss loss;

  RpcException(int code, String reason, String message) {
    this(code, reason, null, message, null);
  }

  RpcException(
      int code, String reason, @Nullable String field, String message, @Nullable String hint) {
    this(code, reason, field, message, hint, null);
  }

  RpcException(
      int code,
      String reason,
      @Nullable String field,
      String message,
      @Nullable String hint,
      @Nullable Loss loss) {
    super(message, null, false, false);
    this.loss = loss;
    this.code = code;
    this.reason = reason;
    this.field = field;
    this.hint = hint;
  }

  /** The code of JSON-RPC's error object. */
  public int code() {
    return code;
  }

  /** One word for machines. */
  public String reason() {
    return reason;
  }

  /** The parameter that it is about; null when it is about none. */
  public @Nullable String field() {
    return field;
  }

  /** What to do about it; null when the message says it. */
  public @Nullable String hint() {
    return hint;
  }

  /** What a damaged agent lost; null where this is about none. */
  @Nullable Loss loss() {
    return loss;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
