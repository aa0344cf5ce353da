package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.Contender;
import dev.torpor.benchmarks.Contest;
import dev.torpor.benchmarks.Measurement;
import dev.torpor.benchmarks.Round;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Standing;
import dev.torpor.benchmarks.Table;
import dev.torpor.benchmarks.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * W6: the writers of W1 and W2 while checkpoints are taken.
 *
 * @param changed how many agents are changed before each checkpoint
 * @param every how long from one to the next
 */
record BesideCheckpoints(int changed, Duration every, Duration warmUp, Duration measured)
    implements Benchmark {

  private static final List<String> HEADER =
      List.of(
          "workload",
          "contender",
          "updates/s",
          "p50 µs",
          "p99 µs",
          "max µs",
          "rate / alone",
          "p99 / alone",
          "checkpoints",
          "checkpoint p50 ms",
          "checkpoint max ms");

  @Override
  public String heading() {
    return "W6: writers beside checkpoints";
  }

  @Override
  public String about() {
    return
"""
    W1 and W2 while another thread changes %,d other agents every %s s (pipelined) and checkpoints are taken as often, \
which hold what the writers wrote as well (at W2's rate the journal's size asks for more of them); their times are those \
that the store tells: of pack, twin and manifests, documents follow behind at their own rate. The same with \
`state.checkpoint` after each such change, which returns when the documents are written, too; with those changes and no \
checkpoints; and alone. Rounds of %s s after %s s of warm-up; medians over the rounds (max: the longest of all). A \
checkpoint is to take at most 1 s, the writers' p99 at most 2 times as long as alone, their rate to be at least 0.7 of \
that alone.\
"""
        .formatted(changed, seconds(every), seconds(measured), seconds(warmUp));
  }

  private static String seconds(Duration duration) {
    return Table.number("%.1f", duration.toMillis() / 1e3);
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    for (Workload workload : List.of(Workload.W1, Workload.W2)) {
      List<TorporBeside> contenders = TorporBeside.all(changed, every);
      List<Standing> standings =
          new Contest(workload, List.<Contender>copyOf(contenders), stage.rounds())
              .run(new Round(stage.folder(), warmUp, measured), stage.progress());
      Measurement alone = standings.getFirst().median();
      for (int i = 0; i < standings.size(); i++) {
        rows.add(cells(standings.get(i), alone, contenders.get(i).checkpoints()));
      }
    }
    return new Table(HEADER, 2, rows);
  }

  private static List<String> cells(Standing standing, Measurement alone, List<Double> taken) {
    Measurement median = standing.median();
    double[] millis = taken.stream().mapToDouble(Double::doubleValue).toArray();
    return List.of(
        standing.workload().name(),
        standing.contender().name(),
        Table.number("%,.0f", median.rate()),
        Table.number("%,.0f", median.p50()),
        Table.number("%,.0f", median.p99()),
        Table.number("%,.0f", median.max()),
        Table.number("%.2f", median.rate() / alone.rate()),
        Table.number("%.2f", median.p99() / alone.p99()),
        Table.number("%,.0f", millis.length),
        Table.number("%,.0f", millis.length == 0 ? Double.NaN : Median.quantile(millis, 0.5)),
        Table.number("%,.0f", millis.length == 0 ? Double.NaN : Median.quantile(millis, 1)));
  }
}
