package dev.torpor.rules;

import dev.torpor.state.Json;
import dev.torpor.state.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mail, or one to each of several addressees, before it is sent; fields as in a mail. */
public record MailDraft(
    String from,
    List<String> to,
    String subject,
    String body,
    Priority priority,
    @Nullable String replyTo,
    boolean expectsReply,
    @Nullable Instant replyBy,
    Map<String, @Nullable Object> metadata) {
  public MailDraft {
    to = List.copyOf(to);
    metadata = Json.freezeObject(metadata);
  }

  /** A mail of normal priority that expects no reply. */
  public static MailDraft of(String from, String to, String subject, String body) {
    return new MailDraft(
        from, List.of(to), subject, body, Priority.NORMAL, null, false, null, Map.of());
  }

  public MailDraft subject(String subject) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }

  public MailDraft body(String body) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }

  public MailDraft priority(Priority priority) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }

  public MailDraft replyTo(String replyTo) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }

  public MailDraft expectsReply(boolean expectsReply, @Nullable Instant replyBy) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }

  public MailDraft metadata(Map<String, @Nullable Object> metadata) {
    return new MailDraft(
        from, to, subject, body, priority, replyTo, expectsReply, replyBy, metadata);
  }
}
