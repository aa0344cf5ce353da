package dev.torpor.state;

import java.util.Set;

/**
 * What can wake a sleeping agent: one of the built-in events, or any other name, which is then an
 * event of the user's that a broadcast brings.
 *
 * @param name the name as it stands in requests and on disk
 */
public record WakeEvent(String name) {
  /** Any mail came. */
  public static final WakeEvent MAIL_RECEIVED = new WakeEvent("mail_received");

  /** Mail of high or urgent priority came. */
  public static final WakeEvent HIGH_PRIORITY_MAIL = new WakeEvent("high_priority_mail");

  /** A task was submitted. */
  public static final WakeEvent TASK_SUBMITTED = new WakeEvent("task_submitted");

  /** Any event was broadcast. */
  public static final WakeEvent SYSTEM_EVENT = new WakeEvent("system_event");

  /** Somebody woke the agent by hand, which always works, named or not. */
  public static final WakeEvent MANUAL_WAKE = new WakeEvent("manual_wake");

  private static final Set<String> RESERVED =
      Set.of(MAIL_RECEIVED.name, HIGH_PRIORITY_MAIL.name, TASK_SUBMITTED.name, MANUAL_WAKE.name);

  /** An event of the user's. */
  public static WakeEvent of(String name) {
    return new WakeEvent(name);
  }

  /** Whether the event comes about by itself and can therefore not be broadcast. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name);
  }
}
