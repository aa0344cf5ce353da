package dev.torpor.disk;

import java.io.Closeable;
import java.io.IOException;

/** A file that is written on at its end. For one thread at a time. */
public interface WriteFile extends Closeable {

  /** Writes bytes; they are durable only after a {@link #force()} that succeeds. */
  void write(byte[] buffer, int offset, int length) throws IOException;

  /**
   * Makes durable all that was written, and the file's length. After a failure, never call again.
   */
  void force() throws IOException;
}
