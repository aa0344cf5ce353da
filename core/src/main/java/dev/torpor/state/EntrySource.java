package dev.torpor.state;

import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Where entries are read from. One that does not have everything in memory answers with a {@link
 * NotLoadedException} where it cannot tell. Not thread-safe unless an implementation says so.
 */
public interface EntrySource {
  /** Nothing is in it. */
  EntrySource EMPTY =
      new EntrySource() {
        @Override
        public @Nullable Entry get(String key) {
          return null;
        }

        @Override
        public Iterator<Entry> scan(String prefix, String from) {
          return java.util.Collections.emptyIterator();
        }
      };

  /**
   * Tells which keys will be asked for, so that those that are not in memory are loaded together; a
   * source that has everything does nothing.
   *
   * @throws NotLoadedException when some are not
   */
  default void need(Collection<String> keys) {}

  /** The entry of a key; null when there is none. */
  @Nullable Entry get(String key);

  /**
   * The entries whose keys begin with a prefix, in the order of their keys.
   *
   * @param prefix what their keys begin with
   * @param from the first key that may be given; the prefix itself, to begin at the beginning
   */
  Iterator<Entry> scan(String prefix, String from);

  /** {@link #scan(String, String)} from the beginning. */
  default Iterator<Entry> scan(String prefix) {
    return scan(prefix, prefix);
  }
}
