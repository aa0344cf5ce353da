package dev.torpor.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "stats", description = "Shows how much there is.")
final class StatsCommand extends ReadingCommand {
  @Override
  Answer ask(Caller caller) {
    return caller.call("state.stats", Map.of());
  }

  @Override
  void show(Answer stats) {
    show("", stats);
  }

  private void show(String prefix, Answer stats) {
    for (Map.Entry<String, @Nullable Object> field : stats.fields().entrySet()) {
      String name = prefix + field.getKey().replace('_', ' ');
      if (field.getValue() instanceof Map<?, ?>) {
        show(name + ", ", Answer.of(field.getValue()));
      } else {
        say("%-24s %s", name, field.getValue());
      }
    }
  }
}
