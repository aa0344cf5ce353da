package dev.torpor.cli;

import dev.torpor.TorporException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that looks after a whole state folder itself, or has a server look after its own. */
abstract class CareCommand extends TorporCommand {
  /** All of a large store is read. */
  private static final Duration PATIENCE = Duration.ofHours(24);

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "The state folder (default: ./state). No server may hold it.")
  private @Nullable Path state;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Instead, have a running server do it with the folder that it holds.")
  private @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token that the server asks for.")
  private @Nullable Path tokenFile;

  @Override
  public final Integer call() {
    Answer answer = new Answer(answer());
    if (json()) {
      out().println(JsonText.pretty(answer.fields()));
    } else {
      show(answer);
    }
    out().flush();
    return exitCode(answer);
  }

  private Map<String, @Nullable Object> answer() {
    if (server != null && state != null) {
      throw CommandException.wrongUsage("give --state or --server, not both");
    }
    if (server != null) {
      try (Caller caller = new RpcClient(server, Token.read(tokenFile), PATIENCE)) {
        return ask(caller).fields();
      }
    }
    Path folder = state == null ? Path.of("state") : state;
    StateFolder.checkIsThere(folder);
    StateFolder.quietLog();
    try (CareBar bar = CareBar.to(err(), json())) {
      return care(folder, bar);
    } catch (TorporException e) {
      throw Refusals.of(e);
    }
  }

  /** Has a server do it. */
  abstract Answer ask(Caller caller);

  /** Does it with a folder. */
  abstract Map<String, @Nullable Object> care(Path folder, CareBar bar);

  /** Shows the answer to a person. */
  abstract void show(Answer answer);

  abstract int exitCode(Answer answer);

  final void say(String format, @Nullable Object... args) {
    out().println(format.formatted(args));
  }

  /** Shows a list of damages, a line each. */
  final void showDamage(Answer answer, String list) {
    for (Answer damage : answer.objects(list)) {
      String lost =
          numbers(", versions", damage.object("versions"))
              + numbers(", commits", damage.object("sequence_numbers"));
      say(
          "%s%s%s: %s%s",
          damage.text("file"),
          damage.has("agent") ? ", agent " + damage.text("agent") : "",
          lost,
          damage.text("what"),
          outcome(damage));
    }
  }

  /** What is said behind a damage. */
  abstract String outcome(Answer damage);

  private static String numbers(String name, Answer range) {
    return range.has("from")
        ? name + " " + range.text("from") + " to " + (range.has("to") ? range.text("to") : "?")
        : "";
  }
}
