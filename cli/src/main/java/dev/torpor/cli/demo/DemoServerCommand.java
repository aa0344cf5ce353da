package dev.torpor.cli.demo;

import dev.torpor.cli.Serving;
import dev.torpor.cli.TorporCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's server, which ends when the demo does, however that ends. */
@Command(name = "demo-server", hidden = true, description = "The server process of the demo.")
public final class DemoServerCommand extends TorporCommand {
  @Option(names = "--state", required = true, description = "The state folder.")
  private Path state = Path.of("state");

  @Override
  public Integer call() {
    ProcessHandle.current()
        .parent()
        .ifPresent(demo -> demo.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    return Serving.locally(state, ReviewTeam::register);
  }
}
