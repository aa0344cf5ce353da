package dev.torpor.state;

/** Where a mail is on its way. */
public enum MailStatus {
  UNREAD,
  READ,
  REPLIED,
  ARCHIVED,
  /** Nobody could take it: no such agent, or a full mailbox. Kept with its sender. */
  UNDELIVERABLE
}
