package dev.torpor.runtime;

/**
 * Thrown into a turn's code when the turn was asked to end or has ended already. Code that lets it
 * pass ends well: the task goes on later, with its finished steps.
 */
public final class TurnEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TurnEndedException(String message) {
    super(message, null, false, false);
  }
}
