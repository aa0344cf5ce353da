package dev.torpor.cli;

import dev.torpor.store.transfer.ExportFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "export", description = "Writes agents, with all that they have, to a file.")
final class ExportCommand extends MovingCommand {
  @Option(names = "--agent", paramLabel = "ID", description = "Only this agent (default: all).")
  private @Nullable String agent;

  @Option(names = "--force", description = "Replace the file, if it is there already.")
  private boolean force;

  @Override
  Map<String, @Nullable Object> move(Mover mover, Path file) {
    try (Bar bar = bar("export", "done")) {
      return ExportFiles.write(file, force, out -> mover.export(out, agent, bar));
    } catch (FileAlreadyExistsException e) {
      throw CommandException.failed(
          file + " is there already; name another file, or replace it with --force", e);
    } catch (IOException e) {
      throw CommandException.failed(file + " cannot be written: " + e, e);
    }
  }

  @Override
  void show(Map<String, @Nullable Object> report) {
    out()
        .println(
            "exported %s agents (%s entries) as of commit %s"
                .formatted(report.get("agents"), report.get("entries"), report.get("seq")));
  }

  @Override
  boolean makesFolder() {
    return false;
  }
}
