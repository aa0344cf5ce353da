package dev.torpor.store.file.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a replay went.
 *
 * @param last the sequence number of the last commit: that of the last line shown, or the durable
 *     mark if lines up to there are lost
 * @param tailLines how many lines above the durable mark were shown
 * @param tornTail what was dropped behind them, or null if nothing was
 * @param damages what is damaged, in the order of the journal; empty if all is well
 */
public record Replay(long last, long tailLines, @Nullable TornTail tornTail, List<Damage> damages) {

  /** Copies the list. */
  public Replay {
    damages = List.copyOf(damages);
  }
}
