package dev.torpor.state;

/**
 * The version of an agent at which each kind of thing came to it last (0: never). A sleep that a
 * turn asks for is held against these: what came while the turn ran ends it at once.
 */
public record Arrivals(long mail, long highPriorityMail, long task, long manualWake) {
  public static final Arrivals NONE = new Arrivals(0, 0, 0, 0);

  Arrivals mailAt(long version, Priority priority) {
    return new Arrivals(version, priority.isHigh() ? version : highPriorityMail, task, manualWake);
  }

  Arrivals taskAt(long version) {
    return new Arrivals(mail, highPriorityMail, version, manualWake);
  }

  Arrivals manualWakeAt(long version) {
    return new Arrivals(mail, highPriorityMail, task, version);
  }
}
