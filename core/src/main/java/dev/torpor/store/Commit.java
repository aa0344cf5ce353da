package dev.torpor.store;

import dev.torpor.state.Change;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Stamp;
import java.util.List;

/**
 * Changes that become true together.
 *
 * @param stamp its sequence number, one more than the last, and its time
 * @param changes what became true, in order
 * @param writes what these changes do to the entries, as the fold says
 */
public record Commit(Stamp stamp, List<Change> changes, List<EntryWrite> writes) {
  public Commit {
    changes = List.copyOf(changes);
  }
}
