package dev.torpor.state;

/** How urgent a task or a mail is, from low to urgent. */
public enum Priority {
  LOW,
  NORMAL,
  HIGH,
  URGENT;

  /** Whether mail of this priority also counts as {@link WakeEvent#HIGH_PRIORITY_MAIL}. */
  public boolean isHigh() {
    return compareTo(HIGH) >= 0;
  }
}
