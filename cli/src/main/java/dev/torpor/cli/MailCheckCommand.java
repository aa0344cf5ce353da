package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "check", description = "Shows unread mail.")
final class MailCheckCommand extends ReadingCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      defaultValue = "user",
      description = "Whose mail (default: ${DEFAULT-VALUE}).")
  private String id = "";

  @Option(names = "--mark-read", description = "Mark it read.")
  private boolean markRead;

  @Override
  Answer ask(Caller caller) {
    if (markRead && readsFolder()) {
      throw CommandException.wrongUsage(
          "--mark-read changes what --state only reads; ask the server instead");
    }
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("mark_read", markRead);
    return caller.call("mail.check", params);
  }

  @Override
  void show(Answer answer) {
    for (Answer mail : answer.objects("mail")) {
      say("from %s, %s: %s", mail.text("from"), mail.text("sent_at"), mail.text("subject"));
      if (!mail.text("body").isEmpty()) {
        say("%s", mail.text("body").indent(2).stripTrailing());
      }
    }
    if (answer.objects("mail").isEmpty()) {
      say("no unread mail");
    }
  }
}
