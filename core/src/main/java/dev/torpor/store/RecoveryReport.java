package dev.torpor.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What opening a store found.
 *
 * @param agents how many agents there are
 * @param commitsReplayed how many commits were read from the journal
 * @param tornBytes bytes at the journal's end that were never acknowledged and were dropped
 * @param damaged what was damaged
 * @param removed files of an earlier life that were cleared away
 * @param took how long it took
 */
public record RecoveryReport(
    long agents,
    long commitsReplayed,
    long tornBytes,
    List<Damage> damaged,
    List<String> removed,
    Duration took) {
  public RecoveryReport {
    damaged = List.copyOf(damaged);
    removed = List.copyOf(removed);
  }

  /** A store that had nothing to recover. */
  public static final RecoveryReport NONE =
      new RecoveryReport(0, 0, 0, List.of(), List.of(), Duration.ZERO);

  /**
   * A damaged place.
   *
   * @param file its name in the state folder
   * @param agent whose state it is; null when not even that is known
   * @param versions which versions of that agent are lost; null when none is, or nobody knows
   * @param sequenceNumbers which commits are lost; null when none is
   * @param what in words
   * @param healed whether a second copy made it good
   */
  public record Damage(
      String file,
      @Nullable String agent,
      @Nullable Range versions,
      @Nullable Range sequenceNumbers,
      String what,
      boolean healed) {

    /** Of which no version and no commit is known to be lost. */
    public Damage(String file, @Nullable String agent, String what, boolean healed) {
      this(file, agent, null, null, what, healed);
    }

    /** The same when these agents are back with all that they had. */
    public Damage restored(Collection<String> agents) {
      boolean isBack = healed || (agent != null && agents.contains(agent));
      return new Damage(file, agent, versions, sequenceNumbers, what, isBack);
    }
  }

  /**
   * Numbers in a row.
   *
   * @param from the first
   * @param to the last; null when nobody knows where they end
   */
  public record Range(long from, @Nullable Long to) {
    @Override
    public String toString() {
      return to == null ? from + " to an unknown end" : from == to ? "" + from : from + " to " + to;
    }
  }
}
