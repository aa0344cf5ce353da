package dev.torpor.store.file;

import dev.torpor.state.AgentState;
import dev.torpor.state.Change;
import dev.torpor.state.Deleted;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.Keys;
import dev.torpor.state.Stamp;
import dev.torpor.store.RecoveryReport.Range;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a journal of which commits may be lost. Versions tell whom that concerns: an agent
 * whose next change has the next version has lost nothing before it. One that has is left at its
 * last good version, and what follows of it is passed over; the others go on. Not thread-safe.
 */
final class LossyFold {

  /**
   * What is lost of an agent.
   *
   * @param versions those that nothing says any more
   * @param seq the commit in which it showed
   */
  record Lost(String agent, Range versions, long seq, String what) {}

  private final Fold fold;
  private final CommitLines lines;
  private final Map<String, Lost> lost = new LinkedHashMap<>();
  private final List<String> passedOver = new ArrayList<>();

  LossyFold(Fold fold, CommitLines lines) {
    this.fold = fold;
    this.lines = lines;
  }

  /** By agent, in the order in which they showed. */
  Map<String, Lost> lost() {
    return lost;
  }

  /** What else did not fit, a sentence each. */
  List<String> passedOver() {
    return passedOver;
  }

  /** Folds a commit, as much of it as fits; gives what it writes. */
  List<EntryWrite> commit(long seq, Instant at, byte[] bytes, int offset, int length) {
    List<Change> changes;
    try {
      changes = new ArrayList<>(lines.read(bytes, offset, length));
    } catch (RuntimeException e) { // whatever is wrong with it
      passedOver.add("commit " + seq + " cannot be understood: " + e.getMessage());
      return List.of();
    }
    while (true) {
      changes.removeIf(change -> change instanceof Change.OfAgent c && lost.containsKey(c.agent()));
      Change misfit = apply(changes, new Stamp(seq, at));
      if (misfit == null) {
        return fold.take();
      }
      changes.remove(misfit);
    }
  }

  /** Applies changes; the first that does not fit, if there is one, and then none is applied. */
  private @Nullable Change apply(List<Change> changes, Stamp stamp) {
    for (Change change : changes) {
      try {
        fold.apply(change, stamp);
      } catch (UncheckedIOException e) {
        throw e;
      } catch (RuntimeException e) {
        fold.undo();
        tell(change, stamp.seq(), String.valueOf(e.getMessage()));
        return change;
      }
    }
    return null;
  }

  private void tell(Change misfit, long seq, String why) {
    String what = "commit " + seq + " does not fit the state: " + why;
    if (misfit instanceof Change.OfAgent change) {
      long expected = version(change.agent()) + 1;
      long last = Math.max(expected, change.version() - 1);
      lost.put(change.agent(), new Lost(change.agent(), new Range(expected, last), seq, what));
    } else {
      passedOver.add(what);
    }
  }

  private long version(String id) {
    AgentState agent = fold.agent(id);
    Deleted deleted = (Deleted) fold.value(Keys.deleted(id));
    return agent != null ? agent.version() : deleted != null ? deleted.version() : 0;
  }
}
