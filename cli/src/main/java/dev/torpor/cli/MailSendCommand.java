package dev.torpor.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "send", description = "Sends a mail.")
final class MailSendCommand extends ServerCommand {
  @Parameters(
      index = "0",
      arity = "1",
      paramLabel = "TO",
      split = ",",
      description = "Agents, by comma, or user.")
  private List<String> to = List.of();

  @Parameters(index = "1", paramLabel = "SUBJECT", description = "What it is about.")
  private String subject = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "BODY",
      defaultValue = "",
      description = "Its text.")
  private String body = "";

  @Option(
      names = "--from",
      paramLabel = "ID",
      defaultValue = "user",
      description = "Who sends it (default: ${DEFAULT-VALUE}).")
  private String from = "";

  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "low, normal, high or urgent (default: normal).")
  private @Nullable String priority;

  @Option(names = "--reply-to", paramLabel = "MAIL", description = "The mail that it answers.")
  private @Nullable String replyTo;

  @Option(names = "--expects-reply", description = "The sender waits for a reply.")
  private boolean expectsReply;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "The same key again gives the first mail instead of a second.")
  private @Nullable String key;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("from", from);
    params.put("to", to.size() == 1 ? to.getFirst() : to);
    params.put("subject", subject);
    params.put("body", body);
    params.put("priority", priority);
    params.put("reply_to", replyTo);
    params.put("expects_reply", expectsReply ? true : null);
    params.put("idempotency_key", key);
    return caller.call("mail.send", params);
  }

  @Override
  void show(Answer answer) {
    for (Answer mail : sent(answer)) {
      say(
          isUndeliverable(mail) ? "mail %s to %s could not be delivered" : "mail %s sent to %s",
          mail.text("message_id"),
          mail.text("to"));
    }
  }

  @Override
  int exitCode(Answer answer) {
    return sent(answer).stream().anyMatch(MailSendCommand::isUndeliverable)
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  private static List<Answer> sent(Answer answer) {
    return answer.has("mail") ? answer.objects("mail") : List.of(answer);
  }

  private static boolean isUndeliverable(Answer mail) {
    return mail.text("status").equals("undeliverable");
  }
}
