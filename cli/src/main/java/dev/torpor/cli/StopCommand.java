package dev.torpor.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "stop", description = "Stops an agent; its work is kept.")
final class StopCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Override
  Answer ask(Caller caller) {
    return caller.call("agent.stop", agent(id));
  }

  @Override
  void show(Answer agent) {
    say("%s is %s", id, AgentText.status(agent));
  }
}
