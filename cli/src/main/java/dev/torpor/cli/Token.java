package dev.torpor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The token that a server asks for, in a file, so that no list of processes shows it. */
final class Token {
  private Token() {}

  /** Reads it; null when there is no file. */
  static @Nullable String read(@Nullable Path file) {
    if (file == null) {
      return null;
    }
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandException.wrongUsage(
          "cannot read the token file " + file + "; give one that exists");
    }
    if (token.isEmpty()) {
      throw CommandException.wrongUsage(
          "the token file " + file + " is empty; write a token in it");
    }
    return token;
  }
}
