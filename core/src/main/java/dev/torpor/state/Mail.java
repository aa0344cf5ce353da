package dev.torpor.state;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mail, as it is with its addressee; its sender keeps one like it, in which the status is the
 * sender's to see: {@code unread} until it is replied to, or {@code undeliverable}.
 *
 * @param messageId unique in the whole store
 * @param threadId the message id of the first mail of its thread
 * @param from who sent it: an agent, or {@code user}
 * @param to who gets it: an agent, or {@code user}
 * @param replyTo the mail that it answers
 * @param expectsReply whether its sender waits for an answer
 * @param replyBy until when
 * @param sentAt when it was sent, which is when it was delivered
 * @param readAt when it was read
 * @param repliedAt when it was replied to
 * @param metadata anything else
 */
public record Mail(
    String messageId,
    String threadId,
    String from,
    String to,
    String subject,
    String body,
    Priority priority,
    MailStatus status,
    @Nullable String replyTo,
    boolean expectsReply,
    @Nullable Instant replyBy,
    Instant sentAt,
    @Nullable Instant readAt,
    @Nullable Instant repliedAt,
    Map<String, @Nullable Object> metadata) {
  public Mail {
    metadata = Json.freezeObject(metadata);
  }

  /** Whether its sender still waits for a reply. */
  public boolean awaitsReply() {
    return expectsReply && repliedAt == null && status != MailStatus.UNDELIVERABLE;
  }

  /** This mail with another status. */
  public Mail as(MailStatus status) {
    return with(status, readAt, repliedAt);
  }

  Mail with(MailStatus status, @Nullable Instant readAt, @Nullable Instant repliedAt) {
    return new Mail(
        messageId,
        threadId,
        from,
        to,
        subject,
        body,
        priority,
        status,
        replyTo,
        expectsReply,
        replyBy,
        sentAt,
        readAt,
        repliedAt,
        metadata);
  }
}
