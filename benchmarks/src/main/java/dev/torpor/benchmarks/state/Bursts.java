package dev.torpor.benchmarks.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * When sleepers are due: some of them one a millisecond, an hour later the next ones. It is all in
 * a time to come, and who wants to see a burst sets a clock to shortly before it.
 *
 * @param agents how many sleepers
 * @param size how many of them are due in a burst
 */
record Bursts(int agents, int size) {

  private static final Instant BEGIN = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration QUIET = Duration.ofSeconds(15);

  /** How long who looks waits behind a burst. */
  private static final Duration PATIENCE = Duration.ofMillis(1500);

  /** Among so many bursts those are divided who are woken by hand. */
  private static final int SHARES = 16;

  Bursts {
    if (size < 1 || agents < 2 * size) {
      throw new IllegalArgumentException(agents + " agents in bursts of " + size);
    }
  }

  Instant due(int agent) {
    return begin(agent / size).plusMillis(agent % size);
  }

  private static Instant begin(int burst) {
    return BEGIN.plus(Duration.ofHours(burst));
  }

  int first(int burst) {
    return burst * size;
  }

  /** A time with nothing due behind it for a while, and nothing before it but earlier bursts. */
  Instant quietBefore(int burst) {
    return begin(burst).minus(size < 1_000 ? QUIET.dividedBy(5) : QUIET);
  }

  /** When all of a burst are awake, unless they are very late. */
  Instant end(int burst) {
    return begin(burst).plusMillis(size).plus(PATIENCE);
  }

  /** Sleepers of late bursts, chosen at random; others for another burst. */
  int[] someOfOthers(int burst, int count) {
    int half = agents / 2;
    return new Random(burst)
        .ints(0, half / SHARES)
        .distinct()
        .limit(count)
        .map(i -> half + SHARES * i + burst % SHARES)
        .toArray();
  }
}
