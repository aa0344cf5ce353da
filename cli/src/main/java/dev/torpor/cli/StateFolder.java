package dev.torpor.cli;

import java.nio.file.Path;

/** The folder that {@code --state} names. */
final class StateFolder {
  private StateFolder() {}

  /** Refuses no name at all, which would be the folder one is in: mostly an unset variable. */
  static void check(Path folder) {
    if (folder.toString().isEmpty()) {
      throw CommandException.wrongUsage("--state names no folder; give one, like --state ./state");
    }
  }
}
