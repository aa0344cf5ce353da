package dev.torpor.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one contender reached in one round, or in the median over several.
 *
 * @param rate updates a second
 * @param p50 the median of the latencies, in microseconds, as are the next two
 * @param cpu the time for which its process had a processor, in microseconds an update: what other
 *     programs on the machine change least
 */
public record Measurement(double rate, double p50, double p99, double max, double cpu) {

  /** Each number's own median; of the longest latencies, the longest. */
  public static Measurement median(List<Measurement> rounds) {
    return new Measurement(
        median(rounds, Measurement::rate),
        median(rounds, Measurement::p50),
        median(rounds, Measurement::p99),
        rounds.stream().mapToDouble(Measurement::max).max().orElseThrow(),
        median(rounds, Measurement::cpu));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> number) {
    double[] sorted = rounds.stream().mapToDouble(number).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
