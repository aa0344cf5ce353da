package dev.torpor.store.file.pack;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sorted entries that are all newer, or all older, than those of another run: a pack, a table in
 * memory, or several of them seen as one. Arguments and results are never null where not said.
 */
public interface SortedRun {

  /**
   * Returns what this run says of a key.
   *
   * @return its entry; or a removal if the run removes a prefix of the key, or the key; or null if
   *     it says nothing, so that older runs are to be asked
   * @throws PackDamagedException if what had to be read is not what was written
   */
  @Nullable PackEntry get(String key) throws IOException;

  /**
   * Returns the entries at or behind a key, removals among them, as long as they begin with a
   * prefix. Before them come the entries that remove a prefix of {@code from}: they hold for older
   * runs' entries in the range.
   *
   * @param prefix what keys begin with; empty for all
   * @param from where to begin; what is before the prefix counts as the prefix
   */
  EntryCursor scan(String prefix, String from) throws IOException;
}
