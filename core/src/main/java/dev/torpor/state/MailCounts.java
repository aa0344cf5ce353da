package dev.torpor.state;

/**
 * Counts of an agent's mailbox.
 *
 * @param unread mail that came and was not read
 * @param pendingReplies mail that the agent sent, expects a reply to, and has none yet
 */
public record MailCounts(long unread, long pendingReplies) {
  public static final MailCounts NONE = new MailCounts(0, 0);

  MailCounts unread(long by) {
    return new MailCounts(unread + by, pendingReplies);
  }

  MailCounts pendingReplies(long by) {
    return new MailCounts(unread, pendingReplies + by);
  }
}
