package dev.torpor.benchmarks;

import java.util.Arrays;
import java.util.List;

/** How long each call took, in nanoseconds. For one thread. */
public final class Latencies {

  private long[] nanos = new long[1 << 12];
  private int count;

  public void add(long taken) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = taken;
  }

  /**
   * Sums up what several threads measured in the same time.
   *
   * @param cpuSeconds the time for which they had a processor
   */
  public static Measurement summarize(List<Latencies> all, double seconds, double cpuSeconds) {
    long[] sorted =
        all.stream()
            .flatMapToLong(one -> Arrays.stream(one.nanos, 0, one.count))
            .sorted()
            .toArray();
    return new Measurement(
        sorted.length / seconds,
        microseconds(sorted, 0.5),
        microseconds(sorted, 0.99),
        microseconds(sorted, 1),
        cpuSeconds * 1e6 / sorted.length);
  }

  private static double microseconds(long[] sorted, double quantile) {
    return sorted[(int) Math.ceil(quantile * (sorted.length - 1))] / 1e3;
  }
}
