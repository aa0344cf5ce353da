package dev.torpor;

/**
 * The code that works on an agent's tasks, a turn each. It may be called by many threads at once.
 */
@FunctionalInterface
public interface AgentBehavior {
  /**
   * Works on {@link Turn#task()}. What it throws fails the run; an exception of {@link Turn}'s
   * methods that ends the turn should be let pass.
   */
  void run(Turn turn) throws Exception;
}
