package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "Lists the mail that came.")
final class MailListCommand extends ReadingCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      defaultValue = "user",
      description = "Whose mail (default: ${DEFAULT-VALUE}).")
  private String id = "";

  @Option(names = "--status", paramLabel = "STATUS", description = "Only mail of this status.")
  private @Nullable String status;

  @Mixin private final PageOptions page = new PageOptions();

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("status", status);
    page.putTo(params);
    return caller.call("mail.list", params);
  }

  @Override
  void show(Answer answer) {
    Table table = new Table("SENT", "FROM", "STATUS", "SUBJECT", "MAIL");
    for (Answer mail : answer.objects("mail")) {
      table.row(
          mail.text("sent_at"),
          mail.text("from"),
          mail.text("status"),
          mail.text("subject"),
          mail.text("message_id"));
    }
    table.print(out());
    PageOptions.sayRest(answer, out());
  }
}
