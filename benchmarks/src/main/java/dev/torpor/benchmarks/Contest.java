package dev.torpor.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Lets contenders take turns on one workload. */
public record Contest(Workload workload, List<Contender> contenders, int rounds) {

  public List<Standing> run(Round round, Consumer<String> progress) throws Exception {
    Map<Contender, List<Measurement>> measurements = new LinkedHashMap<>();
    for (int i = 1; i <= rounds; i++) {
      for (Contender contender : contenders) {
        progress.accept("%s round %d/%d: %s".formatted(workload, i, rounds, contender.name()));
        measurements
            .computeIfAbsent(contender, _ -> new ArrayList<>())
            .add(round.run(contender, workload));
      }
    }
    Map<Contender, Measurement> medians = new LinkedHashMap<>();
    measurements.forEach((contender, each) -> medians.put(contender, Measurement.median(each)));
    double limit =
        medians.entrySet().stream()
            .filter(entry -> entry.getKey().isLimit())
            .mapToDouble(entry -> entry.getValue().rate())
            .max()
            .orElse(Double.NaN);
    return medians.entrySet().stream()
        .map(
            entry ->
                new Standing(
                    workload, entry.getKey(), entry.getValue(), entry.getValue().rate() / limit))
        .toList();
  }
}
