package dev.torpor.disk;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a system says that its disk is full. Java has no type for it, only the system's words, and
 * these are in the language that the process runs in: so the system is asked for its own.
 */
final class FullDisk {

  /** Linux and macOS, their quotas, Windows. */
  private static final String[] IN_ENGLISH = {
    "no space left", "quota exceeded", "not enough space", "disk full"
  };

  /** A device that is always full, where there is one. */
  private static final Path DEVICE = Path.of("/dev/full");

  private static final @Nullable String HERE = asSaidBy(DEVICE);

  private FullDisk() {}

  static boolean isSaidBy(@Nullable String message) {
    return isSaidBy(message, HERE);
  }

  /**
   * Tells whether a message says so.
   *
   * @param here how this system says it; null if that is not known
   */
  static boolean isSaidBy(@Nullable String message, @Nullable String here) {
    if (message == null) {
      return false;
    }
    String words = message.toLowerCase(Locale.ROOT);
    return (here != null && words.contains(here.toLowerCase(Locale.ROOT)))
        || Stream.of(IN_ENGLISH).anyMatch(words::contains);
  }

  /** What comes of writing to a device; null if nothing does, or it is none. */
  static @Nullable String asSaidBy(Path device) {
    if (!Files.exists(device) || Files.isRegularFile(device) || !Files.isWritable(device)) {
      return null;
    }
    try (FileOutputStream out = new FileOutputStream(device.toFile())) {
      out.write(0);
      return null;
    } catch (IOException full) {
      return full.getMessage();
    }
  }
}
