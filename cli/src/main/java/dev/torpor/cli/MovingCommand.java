package dev.torpor.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that moves agents between a store and a file. */
abstract class MovingCommand extends TorporCommand {
  @Parameters(
      paramLabel = "FILE",
      description = "The file: JSON lines, compressed if its name ends with .zst.")
  private Path file = Path.of("");

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Use this state folder instead of a server.")
  private @Nullable Path state;

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
    try (Mover mover =
        state == null
            ? new ServerMover(server, Token.read(tokenFile))
            : FolderMover.open(state, makesFolder())) {
      Map<String, @Nullable Object> report = move(mover, file);
      if (json()) {
        out().println(JsonText.pretty(report));
      } else {
        show(report);
      }
      out().flush();
      return ExitCode.DONE;
    }
  }

  /** Moves them; gives what is to be shown. */
  abstract Map<String, @Nullable Object> move(Mover mover, Path file);

  /** Shows it to a person. */
  abstract void show(Map<String, @Nullable Object> report);

  /** Whether a state folder that is not there is made. */
  abstract boolean makesFolder();

  /** A bar for a person who waits; none where nobody looks, or a machine does. */
  final Bar bar(String task, String unit) {
    return new Bar(task, unit, !json());
  }
}
