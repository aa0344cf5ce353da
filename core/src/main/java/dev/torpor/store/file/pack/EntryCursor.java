package dev.torpor.store.file.pack;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Entries one after the other, strictly ascending by their keys' UTF-8 bytes. Holds nothing that
 * must be closed. Not thread-safe.
 */
@FunctionalInterface
public interface EntryCursor {

  /**
   * Returns the next entry, or null at the end.
   *
   * @throws PackDamagedException if it is not what was written
   */
  @Nullable PackEntry next() throws IOException;
}
