package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "wake", description = "Wakes an agent.")
final class WakeCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  private @Nullable String reason;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("reason", reason);
    return caller.call("agent.wake", params);
  }

  @Override
  void show(Answer agent) {
    say("%s is %s", id, AgentText.status(agent));
  }
}
