package dev.torpor.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that is one call, or some, and shows the answer. */
abstract class ServerCommand extends TorporCommand {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "${env:TORPOR_SERVER:-http://127.0.0.1:7070}",
      description = "Where the server is (default: TORPOR_SERVER, else http://127.0.0.1:7070).")
  private String server = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token that the server asks for.")
  private @Nullable Path tokenFile;

  @Override
  public final Integer call() {
    try (Caller caller = caller()) {
      Answer answer = ask(caller);
      if (json()) {
        out().println(JsonText.pretty(answer.fields()));
      } else {
        show(answer);
      }
      out().flush();
      return exitCode(answer);
    }
  }

  /** Makes the calls; gives what is to be shown. */
  abstract Answer ask(Caller caller);

  /** Shows the answer to a person. */
  abstract void show(Answer answer);

  int exitCode(Answer answer) {
    return ExitCode.DONE;
  }

  Caller caller() {
    return new RpcClient(server, Token.read(tokenFile));
  }

  final void say(String format, @Nullable Object... args) {
    out().println(format.formatted(args));
  }

  static Map<String, @Nullable Object> agent(String id) {
    return Map.of("agent_id", id);
  }
}
