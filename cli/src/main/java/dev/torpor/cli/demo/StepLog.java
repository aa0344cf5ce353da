package dev.torpor.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A file beside the store in which a step writes a line each time its work really runs. The store
 * does not know of it, so it bears witness against the store.
 */
final class StepLog {
  private final Path file;

  StepLog(Path file) {
    this.file = file;
  }

  /** Notes that the work of a step runs; gives a mark that no other run has. */
  String ran(String taskId, String step) throws IOException {
    String mark = UUID.randomUUID().toString();
    // One write of an appending file: it cannot mix with another, and outlives a killed process.
    Files.write(
        file,
        (mark + " " + key(taskId, step) + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return mark;
  }

  static String key(String taskId, String step) {
    return taskId + " " + step;
  }

  /** How often the work of each step ran, by its {@link #key}. */
  Map<String, Long> runs() throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.stream()
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(Collectors.groupingBy(key -> key, Collectors.counting()));
  }
}
