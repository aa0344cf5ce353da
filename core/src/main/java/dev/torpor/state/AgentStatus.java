package dev.torpor.state;

/** What an agent is doing; what moves it from one to another stands in {@code dev.torpor.rules}. */
public enum AgentStatus {
  /** Nothing to do. */
  IDLE,
  /** A turn runs. */
  ACTIVE,
  /** Tasks wait in their middle and none can run. */
  WAITING,
  /** Runs nothing until it wakes. */
  SLEEPING,
  /** Runs nothing until it is started; its queue and mailbox go on filling. */
  STOPPED,
  /** A part of it was lost; it runs nothing, and is kept for repair. */
  DAMAGED;

  /** Whether an agent of this status, with a task that can run, may begin a turn. */
  public boolean mayBegin() {
    return switch (this) {
      case IDLE, WAITING -> true; // a waiting task does not hold its agent
      case ACTIVE, SLEEPING, STOPPED, DAMAGED -> false;
    };
  }
}
