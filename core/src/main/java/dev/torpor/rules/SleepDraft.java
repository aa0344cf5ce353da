package dev.torpor.rules;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sleep, before it begins.
 *
 * @param duration how long, from when it is decided; null when a time or only an event ends it
 * @param until when it ends; null when a duration or only an event ends it
 * @param wakeEvents what ends it earlier; with none, and no time, it ends when somebody wakes the
 *     agent
 * @param wakeTask whether waking submits a task of type {@code wake}
 */
public record SleepDraft(
    @Nullable Duration duration,
    @Nullable Instant until,
    List<String> wakeEvents,
    @Nullable String reason,
    boolean wakeTask) {
  public SleepDraft {
    wakeEvents = List.copyOf(wakeEvents);
  }
}
