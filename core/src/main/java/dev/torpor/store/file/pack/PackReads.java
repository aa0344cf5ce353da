package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads pieces of a pack's file, and names the damage when they are not there. Thread-safe. */
record PackReads(Path path, ReadFile file) {

  /** What is done with a line whose checksum is good. */
  @FunctionalInterface
  interface LineUse<T> {
    T use(LineParser line, byte[] bytes) throws BadLineException, NewerFormatException;
  }

  /** Reads some bytes, all of them. */
  byte[] read(long position, int length, byte @Nullable [] from, byte @Nullable [] to)
      throws IOException {
    byte[] bytes = new byte[length];
    for (int filled = 0; filled < length; ) {
      int read;
      try {
        read = file.read(position + filled, bytes, filled, length - filled);
      } catch (IOException e) {
        throw damage(position + filled, from, to, "it cannot be read: " + e.getMessage());
      }
      if (read < 0) {
        throw damage(position + filled, from, to, "the file ends here");
      }
      filled += read;
    }
    return bytes;
  }

  /** Reads the one line that is at a place; its length counts its line feed. */
  <T> T line(
      long position, int length, byte @Nullable [] from, byte @Nullable [] to, LineUse<T> use)
      throws IOException {
    if (position < 0 || length < 1 || length > Format.LINE_LIMIT) {
      throw damage(Math.max(position, 0), from, to, "no line can be here");
    }
    byte[] bytes = read(position, length, from, to);
    try {
      if (LineFeed.find(bytes, 0, length) != length - 1) {
        throw new BadLineException("not one line");
      }
      return use.use(new LineParser().begin(bytes, 0, length - 1), bytes);
    } catch (BadLineException e) {
      throw damage(position, from, to, e.getMessage());
    }
  }

  PackDamagedException damage(
      long position, byte @Nullable [] from, byte @Nullable [] to, @Nullable String what) {
    return new PackDamagedException(
        new PackDamage(path, position, text(from), text(to), String.valueOf(what)));
  }

  private static @Nullable String text(byte @Nullable [] key) {
    return key == null ? null : new String(key, UTF_8);
  }
}
