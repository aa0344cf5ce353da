package dev.torpor.disk;

import java.io.Closeable;
import java.io.IOException;

/** A folder's lock while it is held. Thread-safe. */
public interface FolderLock extends Closeable {

  /**
   * Replaces what those read who find the lock held.
   *
   * @param holder what the holder says about itself now
   * @throws IOException also when the lock is held no more
   */
  void rewrite(byte[] holder) throws IOException;

  /** Lets go of the lock. The lock file stays, emptied. A second call does nothing. */
  @Override
  void close() throws IOException;
}
