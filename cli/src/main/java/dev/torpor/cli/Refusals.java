package dev.torpor.cli;

import dev.torpor.TorporException;
import org.jspecify.annotations.Nullable;

/** What was refused, as a command says it. */
final class Refusals {
  private static final int DAMAGED = -32006;
  private static final int INVALID_PARAMS = -32602;

  private Refusals() {}

  /** An error of JSON-RPC. */
  static CommandException of(int code, String message, @Nullable String hint) {
    String text = hint == null || hint.isEmpty() ? message : message + "; " + hint;
    return switch (code) {
      case DAMAGED -> CommandException.damaged(text, null);
      case INVALID_PARAMS -> CommandException.wrongUsage(text);
      default -> CommandException.failed(text);
    };
  }

  /** A folder that cannot be opened. */
  static CommandException of(TorporException e) {
    return e.kind() == TorporException.Kind.DAMAGED
        ? CommandException.damaged(String.valueOf(e.getMessage()), e)
        : CommandException.failed(String.valueOf(e.getMessage()), e);
  }
}
