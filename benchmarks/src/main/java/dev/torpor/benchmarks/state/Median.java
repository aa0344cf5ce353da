package dev.torpor.benchmarks.state;

import java.util.Arrays;
import java.util.List;

/** Medians and quantiles of few numbers. */
final class Median {

  private Median() {}

  /** Each place's own median over several rounds; NaN where a round has none. */
  static double[] of(List<double[]> rounds) {
    double[] medians = new double[rounds.getFirst().length];
    for (int i = 0; i < medians.length; i++) {
      int place = i;
      medians[i] = quantile(rounds.stream().mapToDouble(round -> round[place]).toArray(), 0.5);
    }
    return medians;
  }

  /** The smallest number that at least such a share of them does not exceed. */
  static double quantile(double[] numbers, double share) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
