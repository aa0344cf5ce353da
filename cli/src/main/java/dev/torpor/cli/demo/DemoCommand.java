package dev.torpor.cli.demo;

import dev.torpor.cli.TorporCommand;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The demo, as a command. */
@Command(
    name = "demo",
    description =
        "A team of agents reviews the files of a folder, offline. Half-way its server process is"
            + " killed with SIGKILL and started again. Ends with the review, and what was"
            + " acknowledged before the kill against what is there after it.")
public final class DemoCommand extends TorporCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      description = "What is reviewed (default: this repository).")
  private @Nullable Path folder;

  @Option(names = "--keep", description = "Keep the demo's state folder and say where it is.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    return DemoRun.run(folder, keep, json(), out(), err());
  }
}
