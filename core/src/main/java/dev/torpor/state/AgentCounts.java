package dev.torpor.state;

/** How many agents have each status. */
public record AgentCounts(
    long idle, long active, long waiting, long sleeping, long stopped, long damaged) {
  public static final AgentCounts NONE = new AgentCounts(0, 0, 0, 0, 0, 0);

  /** How many have a status. */
  public long of(AgentStatus status) {
    return switch (status) {
      case IDLE -> idle;
      case ACTIVE -> active;
      case WAITING -> waiting;
      case SLEEPING -> sleeping;
      case STOPPED -> stopped;
      case DAMAGED -> damaged;
    };
  }

  /** How many there are. */
  public long all() {
    return idle + active + waiting + sleeping + stopped + damaged;
  }

  /** These counts with {@code by} more of a status. */
  public AgentCounts plus(AgentStatus status, long by) {
    return switch (status) {
      case IDLE -> new AgentCounts(idle + by, active, waiting, sleeping, stopped, damaged);
      case ACTIVE -> new AgentCounts(idle, active + by, waiting, sleeping, stopped, damaged);
      case WAITING -> new AgentCounts(idle, active, waiting + by, sleeping, stopped, damaged);
      case SLEEPING -> new AgentCounts(idle, active, waiting, sleeping + by, stopped, damaged);
      case STOPPED -> new AgentCounts(idle, active, waiting, sleeping, stopped + by, damaged);
      case DAMAGED -> new AgentCounts(idle, active, waiting, sleeping, stopped, damaged + by);
    };
  }
}
