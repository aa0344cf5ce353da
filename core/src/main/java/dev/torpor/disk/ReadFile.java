package dev.torpor.disk;

import java.io.Closeable;
import java.io.IOException;

/** A file open for reading at any position. Thread-safe. */
public interface ReadFile extends Closeable {

  /**
   * Reads some bytes, as many as there are at once and at most {@code length}.
   *
   * @return how many, at least 1; or -1 if the file ends at or before {@code position}
   */
  int read(long position, byte[] buffer, int offset, int length) throws IOException;

  /** Returns the file's length in bytes. */
  long size() throws IOException;
}
