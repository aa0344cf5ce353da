package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What is in a pack, read from it or from its twin, from its beginning to its end. Not thread-safe.
 */
interface Contents extends Closeable {

  /** Opens one of the two. */
  static Contents open(Disk disk, PackFiles files, Copy copy) throws IOException {
    ReadFile file;
    try {
      file = disk.openToRead(file(files, copy));
    } catch (NoSuchFileException e) {
      return new MissingFile();
    }
    return switch (copy) {
      case PACK -> new PackBytes(file);
      case TWIN -> new TwinReader(file);
    };
  }

  /** Returns the file of one of the two. */
  static Path file(PackFiles files, Copy copy) {
    return switch (copy) {
      case PACK -> files.pack();
      case TWIN -> files.twin();
    };
  }

  /**
   * Reads on.
   *
   * @return how many bytes are now at the beginning of {@link #bytes()}, or -1 at the end
   * @throws BadLineException if they cannot be told; {@link #skip} then goes on behind them
   */
  int next() throws IOException, BadLineException;

  /** Goes to what can perhaps be told again behind what could not; false if there is nothing. */
  boolean skip() throws IOException;

  byte[] bytes();

  /** Returns where in the stored file begins what was read last, or should have been. */
  long position();

  /** Returns where to look in the stored file for a byte of the pack that was read last. */
  long storedPosition(long packPosition);

  /** Reads what is left of the file, and returns what is stored. */
  StoredFile stored() throws IOException;
}
