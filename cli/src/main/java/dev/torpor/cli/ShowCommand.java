package dev.torpor.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows an agent.")
final class ShowCommand extends ReadingCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Override
  Answer ask(Caller caller) {
    return caller.call("agent.get", agent(id));
  }

  @Override
  void show(Answer agent) {
    AgentText.print(agent, out());
  }
}
