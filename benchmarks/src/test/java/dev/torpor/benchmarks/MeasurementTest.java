package dev.torpor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {

  @Test
  void roundsAreSummedUpByTheirMediansAndTheLongestOfAll() {
    Measurement median =
        Measurement.median(
            List.of(
                new Measurement(10, 3, 9, 50, 7),
                new Measurement(30, 1, 7, 90, 5),
                new Measurement(20, 2, 8, 60, 9)));

    assertThat(median).isEqualTo(new Measurement(20, 2, 8, 90, 7));
  }

  @Test
  void quantilesComeFromTheCallsOfAllThreads() {
    Latencies first = new Latencies();
    Latencies second = new Latencies();
    for (int i = 0; i <= 50; i++) {
      first.add(1000L * i);
    }
    for (int i = 51; i <= 100; i++) {
      second.add(1000L * i);
    }

    assertThat(Latencies.summarize(List.of(second, first), 2, 0.0101))
        .isEqualTo(new Measurement(50.5, 50, 99, 100, 100));
  }
}
