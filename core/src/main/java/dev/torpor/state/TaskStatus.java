package dev.torpor.state;

/** Where a task is on its way. */
public enum TaskStatus {
  /** In the queue, or not yet due. */
  PENDING,
  /** A turn works on it. */
  IN_PROGRESS,
  /** Suspended in its middle until something comes. */
  WAITING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** Whether nothing will happen to the task any more by itself. */
  public boolean isFinished() {
    return switch (this) {
      case PENDING, IN_PROGRESS, WAITING -> false;
      case COMPLETED, FAILED, CANCELLED -> true;
    };
  }
}
