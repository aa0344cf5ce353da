package dev.torpor.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that changes nothing, so it can also read a folder that no server holds. */
abstract class ReadingCommand extends ServerCommand {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Read this state folder instead of asking a server.")
  private @Nullable Path state;

  final boolean readsFolder() {
    return state != null;
  }

  @Override
  final Caller caller() {
    return state == null ? super.caller() : FolderCaller.open(state);
  }
}
