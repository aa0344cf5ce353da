package dev.torpor.cli;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "sleep",
    description = "Puts an agent to sleep: for a time, until a time, or until an event.")
final class SleepCommand extends ServerCommand {
  @Parameters(paramLabel = "ID", description = "The agent.")
  private String id = "";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      converter = Seconds.class,
      description = "How long.")
  private @Nullable BigDecimal seconds;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Until when, like 2030-01-31T09:00:00Z.")
  private @Nullable String until;

  @Option(
      names = "--wake-on",
      paramLabel = "EVENT",
      split = ",",
      description = "Events that wake it, by comma, like mail_received.")
  private List<String> events = List.of();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
  private @Nullable String reason;

  /** picocli's own converter shows the exception of the JDK's. */
  static final class Seconds implements ITypeConverter<BigDecimal> {
    @Override
    public BigDecimal convert(String text) {
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no number of seconds");
      }
    }
  }

  @Override
  Answer ask(Caller caller) {
    if (seconds != null && until != null) {
      throw CommandException.wrongUsage("give --seconds or --until, not both");
    }
    Map<String, @Nullable Object> params = new HashMap<>(agent(id));
    params.put("duration_seconds", seconds);
    params.put("until", until);
    params.put("wake_events", events.isEmpty() ? null : events);
    params.put("reason", reason);
    return caller.call("agent.sleep", params);
  }

  @Override
  void show(Answer agent) {
    say("%s is %s", id, AgentText.status(agent));
  }
}
