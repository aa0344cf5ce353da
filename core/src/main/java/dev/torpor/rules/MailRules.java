package dev.torpor.rules;

import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Delivery;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Priority;
import dev.torpor.state.WakeEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mail: sent, delivered, read, replied to, archived. */
final class MailRules {
  private static final int MAX_ADDRESSEES = 1000;

  private MailRules() {}

  static Request.MailList send(Draft draft, Request.SendMail request) {
    MailDraft mail = request.mail();
    check(draft, mail);
    draft.agent(mail.from());
    List<String> ids = mail.to().stream().map(_ -> draft.newId()).toList();
    return new Request.MailList(send(draft, mail, ids));
  }

  /** Checks a mail before anything is decided. */
  static void check(Draft draft, MailDraft mail) {
    Names.checkId(mail.from(), "from", draft.limits());
    if (mail.to().isEmpty()) {
      throw Refusal.invalid("to", "a mail has an addressee");
    }
    if (mail.to().size() > MAX_ADDRESSEES) {
      throw Refusal.limit(
          "max_addressees", "to", "a mail has at most %d addressees", MAX_ADDRESSEES);
    }
    mail.to().forEach(to -> Names.checkId(to, "to", draft.limits()));
    Names.checkName(mail.subject(), "subject");
    Names.checkText(mail.body(), "body", draft.limits());
    Names.checkText(mail.metadata(), "metadata", draft.limits());
    if (mail.replyTo() != null && find(draft, mail.replyTo()) == null) {
      throw notFound(mail.replyTo(), "reply_to");
    }
  }

  /** Sends a mail that was checked. Who cannot get it is told by the mail's status. */
  static List<Mail> send(Draft draft, MailDraft mail, List<String> ids) {
    Mail answered = mail.replyTo() == null ? null : find(draft, mail.replyTo());
    String thread = answered == null ? ids.getFirst() : answered.threadId();
    List<Mail> sent = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      sent.add(deliver(draft, mail, ids.get(i), thread, mail.to().get(i)));
    }
    if (answered != null
        && answered.to().equals(mail.from())
        && answered.status() != MailStatus.UNDELIVERABLE
        && sent.stream().anyMatch(reply -> reply.status() != MailStatus.UNDELIVERABLE)) {
      String id = answered.to();
      draft.emit(id, v -> new Change.MailReplied(id, v, answered.messageId()));
    }
    return sent;
  }

  private static Mail deliver(
      Draft draft, MailDraft draftMail, String messageId, String thread, String to) {
    AgentState addressee = draft.find(to);
    boolean isDamaged = addressee != null && addressee.session().status() == AgentStatus.DAMAGED;
    boolean taken =
        addressee != null
            && addressee.session().mail().unread() < draft.limits().maxUnreadMail()
            && !(isDamaged && DeliveryRules.isFull(draft, to));
    Mail mail =
        new Mail(
            messageId,
            thread,
            draftMail.from(),
            to,
            draftMail.subject(),
            draftMail.body(),
            draftMail.priority(),
            taken ? MailStatus.UNREAD : MailStatus.UNDELIVERABLE,
            draftMail.replyTo(),
            draftMail.expectsReply(),
            draftMail.replyBy(),
            draft.now(),
            null,
            null,
            draftMail.metadata());
    draft.emit(mail.from(), v -> new Change.MailSent(mail.from(), v, mail));
    if (isDamaged && taken) {
      draft.emit(new Change.DeliveryKept(to, new Delivery(messageId, mail, null, draft.now())));
    } else if (taken) {
      deliver(draft, mail);
    }
    return mail;
  }

  /** Puts a mail that can be taken into its addressee's mailbox. */
  static void deliver(Draft draft, Mail mail) {
    draft.emit(mail.to(), v -> new Change.MailDelivered(mail.to(), v, mail));
    SleepRules.arrived(
        draft,
        mail.to(),
        mail.priority().isHigh()
            ? List.of(WakeEvent.HIGH_PRIORITY_MAIL, WakeEvent.MAIL_RECEIVED)
            : List.of(WakeEvent.MAIL_RECEIVED));
  }

  static Mail reply(Draft draft, Request.ReplyToMail request) {
    Mail mail = required(draft, request.id());
    Names.checkText(request.body(), "body", draft.limits());
    if (request.from() != null && !request.from().equals(mail.to())) {
      throw Refusal.conflict(
          "not_addressee",
          "from",
          "mail %s was sent to '%s', who alone can reply to it",
          mail.messageId(),
          mail.to());
    }
    String subject = mail.subject().startsWith("Re: ") ? mail.subject() : "Re: " + mail.subject();
    MailDraft reply =
        new MailDraft(
            mail.to(),
            List.of(mail.from()),
            subject,
            request.body(),
            Priority.NORMAL,
            mail.messageId(),
            false,
            null,
            Map.of());
    return send(draft, reply, List.of(draft.newId())).getFirst();
  }

  static Mail archive(Draft draft, String owner, String messageId) {
    Mail mail = required(draft, messageId);
    if (mail.status() != MailStatus.ARCHIVED) {
      draft.emit(owner, v -> new Change.MailArchived(owner, v, messageId));
    }
    return required(draft, messageId);
  }

  /** A mail that somebody received. */
  private static Mail required(Draft draft, String messageId) {
    Mail mail = find(draft, messageId);
    if (mail == null) {
      throw notFound(messageId, "message_id");
    }
    if (mail.status() == MailStatus.UNDELIVERABLE) {
      throw Refusal.conflict(
          "undeliverable", "message_id", "mail %s reached nobody", mail.messageId());
    }
    return mail;
  }

  static Request.MailList take(Draft draft, Request.TakeMail request) {
    draft.agent(request.agentId());
    List<String> ids = new ArrayList<>();
    Iterator<Entry> unread = draft.fold().scan(Keys.mail(request.agentId(), MailStatus.UNREAD));
    while (unread.hasNext() && ids.size() < request.limit()) {
      ids.add(Keys.last(unread.next().key()));
    }
    markRead(draft, request.agentId(), ids);
    return new Request.MailList(
        ids.stream().map(id -> received(draft, request.agentId(), id)).toList());
  }

  static long acknowledge(Draft draft, Request.AcknowledgeMail request) {
    draft.agent(request.agentId());
    if (request.messageIds().size() > 1000) {
      throw Refusal.limit("max_message_ids", "message_ids", "1000 message ids are the most");
    }
    request.messageIds().forEach(id -> received(draft, request.agentId(), id));
    markRead(draft, request.agentId(), request.messageIds());
    return new LinkedHashSet<>(request.messageIds()).size();
  }

  /** Marks those read that are unread. */
  static void markRead(Draft draft, String id, List<String> messageIds) {
    List<String> unread =
        new LinkedHashSet<>(messageIds)
            .stream()
                .filter(mail -> received(draft, id, mail).status() == MailStatus.UNREAD)
                .toList();
    if (!unread.isEmpty()) {
      draft.emit(id, v -> new Change.MailRead(id, v, unread));
    }
  }

  static Mail received(Draft draft, String id, String messageId) {
    Mail mail = draft.agent(id).mail(messageId);
    if (mail == null) {
      throw notFound(messageId, "message_ids");
    }
    return mail;
  }

  /** A mail wherever it is: with its addressee, or undeliverable with its sender. */
  private static @Nullable Mail find(Draft draft, String messageId) {
    String owner = draft.fold().owner(Keys.anyMail(messageId));
    AgentState agent = owner == null ? null : draft.sound(owner);
    if (agent == null) {
      return null;
    }
    Mail received = agent.mail(messageId);
    return received == null ? agent.sent(messageId) : received;
  }

  private static Refusal notFound(String messageId, String field) {
    return Refusal.notFound(
        "mail_not_found", field, "mail '%s' does not exist", Names.shown(messageId));
  }
}
