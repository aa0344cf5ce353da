package dev.torpor.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * W1, W2 and W2r: how many durable updates a second, and how long each takes.
 *
 * @param seconds measured in each round; null for what fits the workload
 * @param warmUp seconds before them
 * @param only only contenders with one of these texts in their name
 */
record DurableUpdates(
    List<Workload> workloads, @Nullable Double seconds, double warmUp, List<String> only)
    implements Benchmark {

  private static final List<String> HEADER =
      List.of(
          "workload",
          "contender",
          "updates/s",
          "p50 µs",
          "p99 µs",
          "max µs",
          "CPU µs",
          "of the limit");

  DurableUpdates {
    workloads = List.copyOf(workloads);
    only = List.copyOf(only);
  }

  @Override
  public String heading() {
    return "Durable updates";
  }

  @Override
  public String about() {
    StringBuilder text =
        new StringBuilder(
            """
            An update is a message of %d bytes, appended and durable before its writer sends the next. \
            The contenders take turns, each round after %s s of warm-up; medians over the rounds (max: the longest \
            of all). CPU is the time that the contender's process had a core for one update. The limit \
            of W1 and W2 writes lines of %d bytes, as long as Torpor's, into a file whose \
            blocks are on the disk already; that of W2r is the same server asked for nothing.

            """
                .formatted(Workload.MESSAGE_BYTES, warmUp, CommitLine.BYTES));
    for (Workload workload : workloads) {
      text.append(
          "- %s: %s; rounds of %s s%n"
              .formatted(workload, workload.description(), seconds(workload)));
    }
    return text.toString();
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    for (Workload workload : workloads) {
      Round round = new Round(stage.folder(), toDuration(warmUp), toDuration(seconds(workload)));
      List<Contender> contenders =
          Contenders.of(workload).stream()
              .filter(each -> only.stream().anyMatch(each.name()::contains))
              .toList();
      new Contest(workload, contenders, stage.rounds())
          .run(round, stage.progress()).stream().map(DurableUpdates::cells).forEach(rows::add);
    }
    return new Table(HEADER, 2, rows);
  }

  private static List<String> cells(Standing standing) {
    Measurement median = standing.median();
    return List.of(
        standing.workload().name(),
        standing.contender().name(),
        Table.number("%,.0f", median.rate()),
        Table.number("%,.0f", median.p50()),
        Table.number("%,.0f", median.p99()),
        Table.number("%,.0f", median.max()),
        Table.number("%,.1f", median.cpu()),
        Table.number("%.2f", standing.ofLimit()));
  }

  private double seconds(Workload workload) {
    return seconds == null ? workload.seconds() : seconds;
  }

  private static Duration toDuration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
