package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "agents", description = "Lists agents.")
final class AgentsCommand extends ReadingCommand {
  @Option(names = "--status", paramLabel = "STATUS", description = "Only those of this status.")
  private @Nullable String status;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many (default: ${DEFAULT-VALUE}, at most 1000).")
  private int limit;

  @Option(names = "--cursor", paramLabel = "C", description = "Go on where a list ended.")
  private @Nullable String cursor;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("status", status);
    params.put("limit", limit);
    params.put("cursor", cursor);
    return caller.call("agent.list", params);
  }

  @Override
  void show(Answer answer) {
    Table table = new Table("AGENT", "STATUS", "BEHAVIOR", "OPEN", "DONE", "FAILED", "UNREAD");
    for (Answer agent : answer.objects("agents")) {
      Answer tasks = agent.object("tasks");
      table.row(
          agent.text("agent_id"),
          AgentText.status(agent),
          agent.text("behavior"),
          tasks.number("pending") + tasks.number("in_progress") + tasks.number("waiting"),
          tasks.number("completed"),
          tasks.number("failed"),
          agent.object("mail").number("unread"));
    }
    table.print(out());
    if (answer.has("next_cursor")) {
      say("there are more: --cursor %s", answer.text("next_cursor"));
    }
  }
}
