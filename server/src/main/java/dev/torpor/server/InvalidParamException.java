package dev.torpor.server;

import org.jspecify.annotations.Nullable;

/** A parameter is missing, of the wrong type, out of range, or unknown. */
final class InvalidParamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String field;
  private final @Nullable String hint;

  InvalidParamException(String reason, String field, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.reason = reason;
    this.field = field;
    this.hint = hint;
  }

  String reason() {
    return reason;
  }

  String field() {
    return field;
  }

  @Nullable String hint() {
    return hint;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
