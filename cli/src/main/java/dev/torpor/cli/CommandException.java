package dev.torpor.cli;

import org.jspecify.annotations.Nullable;

/**
 * A command did not do what it was asked. The message is one line: what is wrong and what to do.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public static CommandException failed(String message) {
    return new CommandException(ExitCode.FAILED, message, null);
  }

  public static CommandException failed(String message, Throwable cause) {
    return new CommandException(ExitCode.FAILED, message, cause);
  }

  public static CommandException wrongUsage(String message) {
    return new CommandException(ExitCode.WRONG_USAGE, message, null);
  }

  public static CommandException damaged(String message, @Nullable Throwable cause) {
    return new CommandException(ExitCode.DAMAGED, message, cause);
  }

  /** What the command says to the shell: one of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }
}
