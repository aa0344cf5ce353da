package dev.torpor.state;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sleep: since when, until when, what ends it earlier, and why.
 *
 * @param sleepStart when it began (of one that was asked for and has not begun: when it was asked)
 * @param wakeTime when it ends by the wall clock; null: only an event ends it
 * @param wakeEvents names of the events that end it ({@link WakeEvent})
 * @param reason why, in words
 * @param wakeTask whether waking submits a task of type {@code wake}
 * @param sinceSeq the sequence number of the commit in which it began: a broadcast ends only sleeps
 *     that are older than itself
 */
public record Sleep(
    Instant sleepStart,
    @Nullable Instant wakeTime,
    List<String> wakeEvents,
    @Nullable String reason,
    boolean wakeTask,
    long sinceSeq) {
  public Sleep {
    wakeEvents = List.copyOf(wakeEvents);
  }
}
