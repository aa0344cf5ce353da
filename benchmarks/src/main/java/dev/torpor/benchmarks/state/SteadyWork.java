package dev.torpor.benchmarks.state;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * W7: steady work.
 *
 * @param agents how many there are
 * @param time how long the work takes
 * @param samples into how many equal parts that is cut
 */
record SteadyWork(int agents, Duration time, int samples) implements Benchmark {

  private static final List<String> HEADER =
      List.of(
          "when",
          "updates/s",
          "p50 µs",
          "p99 µs",
          "max µs",
          "packs MB",
          "packs at peak MB",
          "journal at peak MB",
          "heap MB",
          "heap / agent KB",
          "written / payload",
          "documents behind, p99 s");

  /** A quarter of it is what a store keeps in memory at most, which is reached within minutes. */
  private static final String HEAP = "-Xmx2g";

  @Override
  public String heading() {
    return "W7: steady work";
  }

  @Override
  public String about() {
    return """
    %s minutes of 64 writers over %,d agents as fast as it goes, in a process of its own (%s): of 100 changes of an agent \
    chosen at random, 90 put one of its 16 keys of working memory (400 bytes), 5 append a message (400 bytes), 4 are \
    about sleep, one is a task with a turn. A row for each part of the time; once, not in rounds. Packs: what the \
    manifest names at the part's end, and all files in the folder at its peak. Heap: behind a garbage collection, \
    between two parts. Written: all bytes that the process handed to the system since the work began, segments that \
    are written ahead among them, by bytes of keys' values, messages and prompts. Documents behind: since when the \
    change waits that waits longest, looked at 50 times a second. At rest: checkpointed and merged; \
    live: the lines of the newest of each key. Packs are to be at most 2.5 times what is live at rest, and 4 times at \
    peak (what is live at the end); the journal within its limit of 48 MiB and what comes while a checkpoint is \
    taken; heap and latency not to grow.\
    """
        .formatted(Table.number("%.1f", time.toMillis() / 60e3), agents, HEAP);
  }

  @Override
  public Table run(Stage stage) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    Path folder = stage.makeFolder("W7");
    try {
      Path state = folder.resolve("state");
      double peak = 0;
      double rest;
      stage.tell("W7: filling %,d agents", agents);
      try (Child child =
          Child.start(List.of(HEAP), Role.WORK, state, agents, time.toMillis() / 1e3, samples)) {
        for (int i = 1; i <= samples; i++) {
          double[] sample = child.await("sample");
          stage.tell("W7: part %d/%d", i, samples);
          peak = Math.max(peak, sample[6]);
          rows.add(cells(sample));
        }
        rest = child.await("rest")[0];
        peak = Math.max(peak, rest);
        child.awaitEnd();
      }
      double live = LiveBytes.in(state);
      rows.add(ratios("at rest", rest, peak, 1e6));
      rows.add(ratios("at rest, by what is live", rest, peak, live));
    } finally {
      Stage.remove(folder);
    }
    return new Table(HEADER, 1, rows);
  }

  private List<String> cells(double[] sample) {
    return List.of(
        Table.number("%,.1f s", sample[0]),
        Table.number("%,.0f", sample[1]),
        Table.number("%,.0f", sample[2]),
        Table.number("%,.0f", sample[3]),
        Table.number("%,.0f", sample[4]),
        Table.number("%,.1f", sample[5] / 1e6),
        Table.number("%,.1f", sample[6] / 1e6),
        Table.number("%,.1f", sample[7] / 1e6),
        Table.number("%,.1f", sample[8] / 1e6),
        Table.number("%,.1f", sample[8] / 1e3 / agents),
        Table.number("%.2f", sample[9]),
        Table.number("%.1f", sample[10]));
  }

  private static List<String> ratios(String name, double rest, double peak, double unit) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    for (int i = 1; i < HEADER.size(); i++) {
      cells.add("");
    }
    cells.set(HEADER.indexOf("packs MB"), Table.number("%,.2f", rest / unit));
    cells.set(HEADER.indexOf("packs at peak MB"), Table.number("%,.2f", peak / unit));
    return cells;
  }
}
