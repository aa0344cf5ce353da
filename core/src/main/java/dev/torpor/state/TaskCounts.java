package dev.torpor.state;

/** How many tasks of an agent have each status. */
public record TaskCounts(
    long pending, long inProgress, long waiting, long completed, long failed, long cancelled) {
  public static final TaskCounts NONE = new TaskCounts(0, 0, 0, 0, 0, 0);

  /** These counts with {@code by} more of a status. */
  public TaskCounts plus(TaskStatus status, long by) {
    return switch (status) {
      case PENDING ->
          new TaskCounts(pending + by, inProgress, waiting, completed, failed, cancelled);
      case IN_PROGRESS ->
          new TaskCounts(pending, inProgress + by, waiting, completed, failed, cancelled);
      case WAITING ->
          new TaskCounts(pending, inProgress, waiting + by, completed, failed, cancelled);
      case COMPLETED ->
          new TaskCounts(pending, inProgress, waiting, completed + by, failed, cancelled);
      case FAILED ->
          new TaskCounts(pending, inProgress, waiting, completed, failed + by, cancelled);
      case CANCELLED ->
          new TaskCounts(pending, inProgress, waiting, completed, failed, cancelled + by);
    };
  }
}
