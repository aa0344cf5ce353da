package dev.torpor.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store that agents are moved from or to. */
interface Mover extends AutoCloseable {
  /**
   * Writes an export.
   *
   * @param agent which agent; null for all
   * @return {@code agents}, {@code entries} and {@code seq}
   */
  Map<String, @Nullable Object> export(OutputStream out, @Nullable String agent, Bar bar)
      throws IOException;

  /**
   * Takes the agents of a file.
   *
   * @return {@code agents} and {@code entries}
   */
  Map<String, @Nullable Object> take(Path file, boolean replace, Bar bar) throws IOException;

  @Override
  void close();
}
