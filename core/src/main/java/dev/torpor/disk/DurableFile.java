package dev.torpor.disk;

import java.io.Closeable;
import java.io.IOException;

/** A file of fixed length whose writes are durable when they return. For one thread at a time. */
public interface DurableFile extends Closeable {

  /**
   * Writes bytes at a position and forces them.
   *
   * @throws IOException if either failed. Any part of the bytes may then be on disk or come to be
   *     there later, so the file must not be written again.
   */
  void writeDurably(long position, byte[] buffer, int offset, int length) throws IOException;
}
