package dev.torpor.server;

import dev.torpor.Torpor;

/** The behaviors that need no code. */
public final class BuiltInBehaviors {
  /** Answers each task with its prompt. */
  public static final String ECHO = "echo";

  /** Runs the actions in a task's payload. */
  public static final String SCRIPT = "script";

  private BuiltInBehaviors() {}

  /** Makes a Torpor know them. */
  public static void register(Torpor torpor) {
    torpor.behavior(ECHO, new EchoBehavior());
    torpor.behavior(SCRIPT, new ScriptBehavior());
  }
}
