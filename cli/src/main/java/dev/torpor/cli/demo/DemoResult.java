package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.demo.Ledger.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of the demo.
 *
 * @param acknowledged what clients had been told before the kill
 * @param acknowledgedInAll what they were told until the end
 * @param lost what of it was not there after the kill, or at the end
 * @param lostAtEnd what of all they were told was not there at the end
 */
record DemoResult(
    long killedPid,
    long restartedPid,
    Map<Kind, Integer> acknowledged,
    Map<Kind, Integer> acknowledgedInAll,
    Map<Kind, Set<String>> lost,
    Map<Kind, Set<String>> lostAtEnd,
    Repeats repeats,
    Answer report,
    Duration took) {
  int lostInAll() {
    return Arrays.stream(Kind.values()).mapToInt(kind -> allLost(kind).size()).sum();
  }

  /** What of a kind was missed at any time. */
  Set<String> allLost(Kind kind) {
    Set<String> all = new TreeSet<>(lost.getOrDefault(kind, Set.of()));
    all.addAll(lostAtEnd.getOrDefault(kind, Set.of()));
    return all;
  }

  boolean isFaultless() {
    return lostInAll() == 0 && repeats.finished().isEmpty();
  }

  double tookSeconds() {
    return Math.round(took.toMillis() / 10.0) / 100.0;
  }

  static int sum(Map<Kind, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("killed_pid", killedPid);
    json.put("restarted_pid", restartedPid);
    json.put("acknowledged", sum(acknowledged));
    json.put("lost", lostInAll());
    json.put("finished_steps_repeated", repeats.finished().size());
    json.put("report", report.values("checks"));
    json.put("took_seconds", tookSeconds());
    return json;
  }
}
