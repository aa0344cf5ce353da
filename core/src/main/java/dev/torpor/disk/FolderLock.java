package dev.torpor.disk;

import java.io.Closeable;
import java.io.IOException;

/** A folder's lock while it is held. Thread-safe. */
public interface FolderLock extends Closeable {

  /** Lets go of the lock. The lock file stays, emptied. A second call does nothing. */
  @Override
  void close() throws IOException;
}
