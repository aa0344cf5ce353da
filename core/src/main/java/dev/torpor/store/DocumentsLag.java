package dev.torpor.store;

import java.time.Duration;

/**
 * How far the documents for people are behind.
 *
 * @param agents how many agents wait to have theirs written; more may be found when these are
 *     written, after a start or a flood of changes
 * @param oldest how long the first of them waits
 */
public record DocumentsLag(long agents, Duration oldest) {
  /** Nothing waits. */
  public static final DocumentsLag NONE = new DocumentsLag(0, Duration.ZERO);
}
