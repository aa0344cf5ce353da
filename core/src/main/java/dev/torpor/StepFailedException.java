package dev.torpor;

/** The work of a step threw a checked exception, which is the cause; nothing was recorded. */
public final class StepFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StepFailedException(String step, Exception cause) {
    super("step '" + step + "': " + cause, cause);
  }
}
