package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "agents", description = "Lists agents.")
final class AgentsCommand extends ReadingCommand {
  @Option(names = "--status", paramLabel = "STATUS", description = "Only those of this status.")
  private @Nullable String status;

  @Mixin private final PageOptions page = new PageOptions();

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("status", status);
    page.putTo(params);
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
    PageOptions.sayRest(answer, out());
  }
}
