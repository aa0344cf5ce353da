package dev.torpor.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "clean-up",
    description = {
      "Deletes agents that rest and have nothing to do, and erases what deleted agents had.",
      "When it returns, that is in no file of the state folder any more."
    })
final class CleanUpCommand extends ServerCommand {
  @Option(
      names = "--max-age",
      paramLabel = "D",
      required = true,
      converter = DurationConverter.class,
      description = "Those that did nothing for such a time, like 12h or 90d.")
  private Duration maxAge = Duration.ZERO;

  @Override
  Answer ask(Caller caller) {
    BigDecimal seconds = BigDecimal.valueOf(maxAge.toMillis(), 3);
    return caller.call("state.clean_up", Map.of("max_age_seconds", seconds));
  }

  @Override
  void show(Answer answer) {
    answer.values("removed").forEach(id -> say("%s", id));
    say("%d deleted; what deleted agents had is erased", answer.values("removed").size());
  }
}
