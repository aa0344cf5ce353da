package dev.torpor.store;

import dev.torpor.state.Entry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * All entries as one commit left them, whatever is committed meanwhile. To be closed, since it
 * keeps what it reads from being cleared away. Scans are read one at a time by one thread.
 */
public interface Snapshot extends AutoCloseable {
  /** The sequence number of that commit, which is durable; 0 before the first. */
  long seq();

  /**
   * The entries whose keys begin with a prefix, in the order of their keys; all of the empty one.
   */
  Cursor scan(String prefix) throws IOException;

  @Override
  void close();

  /** Entries one after the other, read as they are asked for. */
  @FunctionalInterface
  interface Cursor {
    /**
     * The next entry; null at the end.
     *
     * @throws IOException when it cannot be read, or is not what was written
     */
    @Nullable Entry next() throws IOException;
  }
}
