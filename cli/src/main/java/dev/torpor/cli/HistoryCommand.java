package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Shows an agent's conversation.")
final class HistoryCommand extends ReadingCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "100",
      description = "The last so many messages (default: ${DEFAULT-VALUE}, at most 1000).")
  private int last;

  @Option(
      names = "--from",
      paramLabel = "INDEX",
      description = "Instead, messages from this place on.")
  private @Nullable Long from;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("from", from);
    params.put(from == null ? "last" : "limit", last);
    return caller.call("context.history", params);
  }

  @Override
  void show(Answer answer) {
    for (Answer message : answer.objects("messages")) {
      Object content = message.value("content");
      say(
          "%s  %s  %s: %s",
          message.text("index"),
          message.text("at"),
          message.text("role"),
          content instanceof String text ? text : JsonText.write(content));
    }
    say("%d messages in all", answer.number("total"));
  }
}
