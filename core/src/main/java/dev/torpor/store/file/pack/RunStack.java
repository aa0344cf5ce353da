package dev.torpor.store.file.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs seen as one. Thread-safe if they are.
 *
 * @param newestFirst each one's entries are newer than those of all behind it
 */
public record RunStack(List<SortedRun> newestFirst) implements SortedRun {

  /** Copies the list. */
  public RunStack {
    newestFirst = List.copyOf(newestFirst);
  }

  @Override
  public @Nullable PackEntry get(String key) throws IOException {
    for (SortedRun run : newestFirst) {
      PackEntry entry = run.get(key);
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public EntryCursor scan(String prefix, String from) throws IOException {
    return new Merge(cursors(prefix, from));
  }

  /** Scans as {@link #scan} does, but for entries that have a value, nothing being older. */
  public EntryCursor scanValues(String prefix, String from) throws IOException {
    return new Merge(cursors(prefix, from), true, Merge.Keeper.OF_ALL);
  }

  private List<EntryCursor> cursors(String prefix, String from) throws IOException {
    List<EntryCursor> cursors = new ArrayList<>();
    for (SortedRun run : newestFirst) {
      cursors.add(run.scan(prefix, from));
    }
    return cursors;
  }
}
