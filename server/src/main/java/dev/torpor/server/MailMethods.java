package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Priority;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code mail.*}. */
final class MailMethods {
  /** What a mail is made of, its sender apart. */
  static final Set<String> DRAFT =
      Set.of(
          "to", "subject", "body", "priority", "reply_to", "expects_reply", "reply_by", "metadata");

  private final Torpor torpor;

  MailMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.changing(
        "mail.send",
        this::send,
        Stream.concat(Stream.of("from"), DRAFT.stream()).toArray(String[]::new));
    methods.changing("mail.check", this::check, "agent_id", "limit", "mark_read");
    methods.changing("mail.acknowledge", this::acknowledge, "agent_id", "message_ids");
    methods.reading("mail.wait", this::await, "agent_id", "limit", "timeout_seconds");
    methods.reading("mail.list", this::list, "agent_id", "status", "limit", "cursor");
    methods.changing("mail.reply", this::reply, "message_id", "from", "body");
    methods.changing("mail.archive", this::archive, "message_id");
    methods.reading(
        "mail.thread", p -> Views.mailList(torpor.thread(p.text("message_id"))), "message_id");
  }

  private Supplier<?> send(Params p, Carrier carrier) {
    boolean toSeveral = p.value("to") instanceof List;
    MailDraft draft = draft(p.text("from"), p);
    Supplier<Request.MailList> sent = carrier.carry(new Request.SendMail(draft), p.terms());
    return () -> {
      List<Mail> mail = sent.get().mail();
      return toSeveral ? Views.mailList(mail) : Views.mail(mail.getFirst());
    };
  }

  /** A mail as parameters, or a script, say it. */
  @SuppressWarnings("NullAway") // a compiled compact constructor forgets that values may be null
  static MailDraft draft(String from, Params p) {
    return new MailDraft(
        from,
        addressees(p),
        p.text("subject"),
        p.text("body"),
        p.oneOf("priority", Priority.class, Priority.NORMAL),
        p.optionalText("reply_to"),
        p.flag("expects_reply", false),
        p.time("reply_by"),
        p.objectOrEmpty("metadata"));
  }

  private static List<String> addressees(Params p) {
    List<String> to = p.value("to") instanceof String one ? List.of(one) : p.texts("to");
    if (to == null || to.isEmpty()) {
      throw p.missing("to");
    }
    return to;
  }

  private Supplier<?> check(Params p, Carrier carrier) {
    String agent = p.text("agent_id");
    if (!p.flag("mark_read", false)) {
      Map<String, @Nullable Object> unread = Views.mailList(torpor.unreadMail(agent, p.limit()));
      return () -> unread;
    }
    Supplier<Request.MailList> taken =
        carrier.carry(new Request.TakeMail(agent, p.limit()), p.terms());
    return () -> Views.mailList(taken.get().mail());
  }

  private Supplier<?> acknowledge(Params p, Carrier carrier) {
    List<String> ids = p.texts("message_ids");
    if (ids == null) {
      throw p.missing("message_ids");
    }
    Supplier<Long> read =
        carrier.carry(new Request.AcknowledgeMail(p.text("agent_id"), ids), p.terms());
    return () -> Map.of("acknowledged", read.get());
  }

  private Map<String, @Nullable Object> await(Params p) {
    return Views.mailList(
        torpor.awaitMail(p.text("agent_id"), p.limit(), p.timeout(TaskMethods.LONGEST_WAIT)));
  }

  private Map<String, @Nullable Object> list(Params p) {
    return Views.page(
        "mail",
        torpor.mail(
            p.text("agent_id"),
            p.oneOf("status", MailStatus.class),
            p.limit(),
            p.optionalText("cursor")),
        Views::mail);
  }

  private Supplier<?> reply(Params p, Carrier carrier) {
    return mail(
        new Request.ReplyToMail(p.text("message_id"), p.optionalText("from"), p.text("body", "")),
        p,
        carrier);
  }

  private Supplier<?> archive(Params p, Carrier carrier) {
    return mail(new Request.ArchiveMail(p.text("message_id")), p, carrier);
  }

  private static Supplier<?> mail(Request<Mail> request, Params p, Carrier carrier) {
    Supplier<Mail> mail = carrier.carry(request, p.terms());
    return () -> Views.mail(mail.get());
  }
}
