package dev.torpor.cli;

import java.nio.file.Files;
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

  /** Lets the store in this process say no more than a person asked for, and warnings. */
  static void quietLog() {
    System.setProperty("logback.configurationFile", "dev/torpor/cli/quiet-log.xml");
  }

  /** Refuses what is no folder, too: none is made. */
  static void checkIsThere(Path folder) {
    check(folder);
    if (!Files.isDirectory(folder)) {
      throw CommandException.failed(
          Files.exists(folder)
              ? "the state folder " + folder + " is a file; name a folder with --state DIR"
              : "there is no state folder " + folder + "; name one with --state DIR");
    }
  }
}
