package dev.torpor.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "broadcast", description = "Wakes all agents that sleep until this event.")
final class BroadcastCommand extends ServerCommand {
  @Parameters(paramLabel = "EVENT", description = "Its name.")
  private String event = "";

  @Option(names = "--data", paramLabel = "JSON", description = "Anything that goes with it.")
  private @Nullable String data;

  @Override
  Answer ask(Caller caller) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("event", event);
    params.put("data", JsonText.option("--data", data));
    return caller.call("event.broadcast", params);
  }

  @Override
  void show(Answer answer) {
    say(
        "%d woken%s",
        answer.number("woken"),
        answer.values("agents").stream()
            .map(id -> " " + id)
            .collect(Collectors.joining(",", answer.number("woken") > 0 ? ":" : "", "")));
  }
}
