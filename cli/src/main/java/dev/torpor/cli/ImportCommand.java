package dev.torpor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "import", description = "Takes the agents of a file that export wrote.")
final class ImportCommand extends MovingCommand {
  @Option(
      names = "--force",
      description = "Replace agents that are there already, each at once or not at all.")
  private boolean force;

  @Override
  Map<String, @Nullable Object> move(Mover mover, Path file) {
    if (!Files.isRegularFile(file)) {
      throw CommandException.failed("there is no file " + file + "; name one that export wrote");
    }
    try (Bar bar = bar("import", "bytes")) {
      return mover.take(file, force, bar);
    } catch (IOException e) {
      throw CommandException.failed(file + " cannot be imported: " + e, e);
    }
  }

  @Override
  void show(Map<String, @Nullable Object> report) {
    out()
        .println(
            "imported %s agents (%s entries)"
                .formatted(report.get("agents"), report.get("entries")));
  }

  @Override
  boolean makesFolder() {
    return true;
  }
}
