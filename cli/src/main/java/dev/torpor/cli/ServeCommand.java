package dev.torpor.cli;

import dev.torpor.server.ServeOptions;
import dev.torpor.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "serve", description = "Runs the agents of a state folder, and serves JSON-RPC.")
final class ServeCommand extends TorporCommand {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "state",
      description = "The state folder; made when it is not there (default: ./state).")
  private Path state = Path.of("state");

  @Option(
      names = "--host",
      paramLabel = "H",
      defaultValue = "127.0.0.1",
      description = "The address to listen at (default: ${DEFAULT-VALUE}).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "7070",
      description = "The port; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the token that every call has to bring.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "D",
      converter = DurationConverter.class,
      description =
          "Take checkpoints, so that the journal stays small: after such a time, like 30s, 5m or"
              + " 1h, and after 48 MiB of journal (default: 1m).")
  private @Nullable Duration checkpointEvery;

  @Option(
      names = "--documents",
      paramLabel = "on|off",
      defaultValue = "on",
      description =
          "Whether the state folder shows people what is so, as JSON documents (default: on).")
  private String documents = "on";

  @Option(
      names = "--erase-within",
      paramLabel = "D",
      converter = DurationConverter.class,
      description =
          "How long what a deleted agent had may be in any file, at most (default: 1d);"
              + " clean-up erases it at once.")
  private @Nullable Duration eraseWithin;

  @Override
  public Integer call() {
    StateFolder.check(state);
    if (port < 0 || port > 65_535) {
      throw CommandException.wrongUsage("--port is from 0 to 65535, not " + port);
    }
    if (!documents.equals("on") && !documents.equals("off")) {
      throw CommandException.wrongUsage("--documents is on or off, not " + documents);
    }
    return Serving.run(
        new ServeOptions(
            state,
            new ServerOptions(host, port, Token.read(tokenFile)),
            checkpointEvery,
            documents.equals("on"),
            eraseWithin));
  }
}
