package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.benchmarks.Benchmark;
import dev.torpor.benchmarks.Stage;
import dev.torpor.benchmarks.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * W3: one history that grows, and what it costs at its end beside its beginning.
 *
 * @param messages appended one by one
 * @param window how many are timed at the beginning and at the end
 * @param pipelined appended by a caller that does not wait for each
 * @param pipelinedWindow how many of these are timed
 */
record LongHistory(int messages, int window, int pipelined, int pipelinedWindow)
    implements Benchmark {

  private static final int MESSAGE_BYTES = 500;
  private static final int PAGE = 4096;
  private static final List<String> HEADER =
      List.of(
          "contender",
          "how",
          "messages",
          "messages/s",
          "first ms",
          "last ms",
          "last as fast as first",
          "written / payload",
          "to the device / payload");

  @Override
  public String heading() {
    return "W3: a long history";
  }

  @Override
  public String about() {
    return """
    One history from 0 to %,d messages of %d bytes, each durable before the next; and to %,d, pipelined (peers and \
    limit: 1,000 a force). First and last: the time of the first and last %,d messages (pipelined: %,d); the ratio \
    is to be at least 0.95. Written: bytes that the process handed to the system in calls that write (`wchar` in \
    `/proc/self/io`), up to when all was checkpointed and nothing more was being written, without the segments that \
    are written ahead; to be at most 6 times the payload. To the device: what the disk took meanwhile, from whatever process \
    (`/proc/diskstats`, behind a `sync`), also without one page a message where \
    each is forced. Each contender runs once more before, for its code to be compiled; medians over the rounds.\
    """
        .formatted(messages, MESSAGE_BYTES, pipelined, window, pipelinedWindow);
  }

  @Override
  public Table run(Stage stage) throws Exception {
    Map<String, List<double[]>> rounds = new LinkedHashMap<>();
    for (int round = 0; round <= stage.rounds(); round++) {
      for (boolean soon : new boolean[] {false, true}) {
        for (Histories histories : Histories.values()) {
          String how = soon ? "pipelined" : "one by one";
          stage.tell("W3 round %d/%d: %s, %s", round, stage.rounds(), histories.description(), how);
          double[] measured = measure(stage, histories, soon);
          if (round > 0) {
            rounds
                .computeIfAbsent(histories.description() + "\n" + how, _ -> new ArrayList<>())
                .add(measured);
          }
        }
      }
    }
    List<List<String>> rows = new ArrayList<>();
    rounds.forEach((name, measured) -> rows.add(cells(name.split("\n", -1), measured)));
    return new Table(HEADER, 2, rows);
  }

  private static List<String> cells(String[] names, List<double[]> measured) {
    double[] median = Median.of(measured);
    return List.of(
        names[0],
        names[1],
        Table.number("%,.0f", median[0]),
        Table.number("%,.0f", median[1]),
        Table.number("%,.1f", median[2]),
        Table.number("%,.1f", median[3]),
        Table.number("%.2f", median[4]),
        Table.number("%.2f", median[5]),
        Table.number("%.2f", median[6]));
  }

  private double[] measure(Stage stage, Histories histories, boolean soon) throws Exception {
    Path folder = stage.makeFolder("W3");
    try (History history = histories.open(folder)) {
      return measure(history, folder, soon);
    } finally {
      Stage.remove(folder);
    }
  }

  private double[] measure(History history, Path folder, boolean soon) throws Exception {
    int count = soon ? pipelined : messages;
    int timed = soon ? pipelinedWindow : window;
    byte[] message = "m".repeat(MESSAGE_BYTES).getBytes(US_ASCII);
    long ahead = history.writtenAhead();
    WrittenBytes before = WrittenBytes.now(folder);
    long[] times = new long[count + 1];
    times[0] = System.nanoTime();
    for (int i = 1; i <= count; i++) {
      if (soon) {
        history.appendSoon(message);
      } else {
        history.append(message);
      }
      times[i] = System.nanoTime();
    }
    history.finish();
    double seconds = (System.nanoTime() - times[0]) / 1e9;
    history.settle();
    WrittenBytes written = WrittenBytes.now(folder).minus(before);
    double writtenAhead = history.writtenAhead() - ahead;
    double pages = soon ? 0 : (double) count * PAGE;
    double payload = (double) count * MESSAGE_BYTES;
    double first = (times[timed] - times[0]) / 1e6;
    double last = (times[count] - times[count - timed]) / 1e6;
    return new double[] {
      count,
      count / seconds,
      first,
      last,
      first / last,
      (written.handedOver() - writtenAhead) / payload,
      (written.toDevice() - writtenAhead - pages) / payload
    };
  }
}
