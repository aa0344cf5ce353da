package dev.torpor.store.file;

import dev.torpor.state.Change;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.Stamp;
import dev.torpor.store.RecoveryReport.Range;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fold of a journal of which commits may be lost. Versions tell whom that concerns: an agent
 * whose next change has the next version has lost nothing before it. One that has is left at its
 * last good version, and what follows of it is passed over; the others go on. One that is deleted
 * later has nothing that could be missed. Not thread-safe.
 */
final class LossyFold {

  /**
   * What is lost of an agent.
   *
   * @param versions those that nothing says any more
   * @param highest the highest version of it that anything says
   */
  record Lost(String agent, Range versions, long highest, String what) {
    Lost seen(long version) {
      return new Lost(agent, versions, Math.max(highest, version), what);
    }
  }

  private final Fold fold;
  private final CommitLines lines;
  private final Map<String, Lost> lost = new LinkedHashMap<>();
  private final List<String> passedOver = new ArrayList<>();
  private final Set<String> skipped = new LinkedHashSet<>();

  /** Imports of which a portion is lost, and what shows it. If they do not end, nothing is. */
  private final Map<String, String> torn = new HashMap<>();

  private boolean isUnderstood = true;

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

  /** The agents of which the last commit said something that was passed over. */
  Set<String> skipped() {
    return skipped;
  }

  /** Whether every commit said what this code knows. */
  boolean isUnderstood() {
    return isUnderstood;
  }

  /** Folds a commit, as much of it as fits; gives what it writes. */
  List<EntryWrite> commit(long seq, Instant at, byte[] bytes, int offset, int length) {
    skipped.clear();
    List<Change> changes;
    try {
      changes = new ArrayList<>(lines.read(bytes, offset, length));
    } catch (RuntimeException e) { // whatever is wrong with it
      isUnderstood = false;
      passedOver.add("commit " + seq + " cannot be understood: " + e.getMessage());
      return List.of();
    }
    Set<String> deleted = new LinkedHashSet<>();
    while (true) {
      changes.removeIf(change -> isPassedOver(change, deleted));
      Change misfit = apply(changes, new Stamp(seq, at));
      if (misfit == null) {
        deleted.forEach(lost::remove);
        return fold.take();
      }
      if (!(misfit instanceof Change.OfAgent c) || deleted.remove(c.agent())) {
        changes.remove(misfit);
      }
    }
  }

  /** Whether a change is of an agent that lost some; not its deletion, nor what comes behind it. */
  private boolean isPassedOver(Change change, Set<String> deleted) {
    if (change instanceof Change.OfImport c) {
      return isOfTorn(c);
    }
    if (change instanceof Change.DeliveryTaken taken && lost.containsKey(taken.agent())) {
      return true; // what it took is passed over too, so it is kept on
    }
    if (!(change instanceof Change.OfAgent c) || deleted.contains(c.agent())) {
      return false;
    }
    Lost known = lost.get(c.agent());
    if (known == null) {
      return false;
    }
    if (change instanceof Change.AgentDeleted && c.version() > known.highest()) {
      deleted.add(c.agent());
      return false;
    }
    lost.put(c.agent(), known.seen(c.version()));
    skipped.add(c.agent());
    return true;
  }

  private boolean isOfTorn(Change.OfImport change) {
    String agent =
        switch (change) {
          case Change.EntriesImported c -> c.agent();
          case Change.AgentImported c -> c.agent();
          case Change.ImportBegun c -> forgotten(c.agent());
          case Change.RestoreBegun c -> forgotten(c.agent());
          case Change.ImportDropped c -> forgotten(c.agent());
          case Change.StoreEntriesImported _ -> null;
        };
    String what = agent == null ? null : torn.get(agent);
    if (agent == null || what == null) {
      return false;
    }
    skipped.add(agent);
    if (change instanceof Change.AgentImported c) {
      loseImported(c, what);
    }
    return true;
  }

  private void loseImported(Change.AgentImported c, String what) {
    torn.remove(c.agent());
    skipped.add(c.agent());
    lost.put(c.agent(), new Lost(c.agent(), new Range(1, c.version()), c.version(), what));
  }

  /** What was imported until then counts no more. */
  private @Nullable String forgotten(String agent) {
    torn.remove(agent);
    return null;
  }

  /** Applies changes; the first that does not fit, if there is one, and then none is applied. */
  private @Nullable Change apply(List<Change> changes, Stamp stamp) {
    for (Change change : changes) {
      try {
        Lost known = change instanceof Change.AgentDeleted c ? lost.get(c.agent()) : null;
        if (known != null) {
          fold.apply(damage(known, ((Change.AgentDeleted) change).version() - 1), stamp);
        }
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

  /** The change that makes an agent damaged. */
  static Change.AgentDamaged damage(Lost lost, long version) {
    return new Change.AgentDamaged(
        lost.agent(), version, lost.versions().from(), lost.versions().to(), lost.what());
  }

  private void tell(Change misfit, long seq, String why) {
    String what = "commit " + seq + " does not fit: " + why;
    if (misfit instanceof Change.EntriesImported c) {
      torn.put(c.agent(), what);
      skipped.add(c.agent());
    } else if (misfit instanceof Change.AgentImported c) {
      loseImported(c, what);
    } else if (misfit instanceof Change.OfAgent change) {
      long next = new KnownVersions(fold).last(change.agent()) + 1;
      long last = Math.max(next, change.version() - 1);
      lost.put(
          change.agent(),
          new Lost(
              change.agent(), new Range(next, last), Math.max(last, change.version() - 1), what));
    } else {
      passedOver.add(what);
    }
  }
}
