package dev.torpor.runtime;

import org.jspecify.annotations.Nullable;

/** The code of users that works on a task. */
@FunctionalInterface
public interface TurnCode {
  /**
   * Works on the task of a turn.
   *
   * @return the task's result: any JSON value
   */
  @Nullable Object run(TurnRun turn) throws Exception;
}
