package dev.torpor.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "start", description = "Starts a stopped agent.")
final class StartCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Override
  Answer ask(Caller caller) {
    return caller.call("agent.start", agent(id));
  }

  @Override
  void show(Answer agent) {
    say("%s is %s", id, AgentText.status(agent));
  }
}
