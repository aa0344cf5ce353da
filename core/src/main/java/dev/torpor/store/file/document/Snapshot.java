package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Entries as of one commit that is durable, and so are they. For one thread; closed when it was
 * read.
 */
public interface Snapshot extends Closeable {
  /** The sequence number of that commit. */
  long seq();

  /** The entry of a key; null when there is none. */
  @Nullable Entry get(String key) throws IOException;

  /**
   * The entries whose keys begin with a prefix, in the order of their keys. The iterator reads as
   * it goes and throws {@link java.io.UncheckedIOException} when it cannot.
   *
   * @param prefix what their keys begin with
   * @param from the first key that may be given; the prefix itself, to begin at the beginning
   */
  Iterator<Entry> scan(String prefix, String from) throws IOException;

  /** {@link #scan(String, String)} from the beginning. */
  default Iterator<Entry> scan(String prefix) throws IOException {
    return scan(prefix, prefix);
  }

  /** Lets go of what it held. */
  @Override
  default void close() throws IOException {}
}
