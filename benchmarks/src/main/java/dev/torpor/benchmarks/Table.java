package dev.torpor.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The standings, as text in columns or as a table of Markdown. */
final class Table {

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

  /** From this column on, cells are numbers. */
  private static final int FIRST_NUMBER = 2;

  private final List<List<String>> rows;

  Table(List<Standing> standings) {
    rows = standings.stream().map(Table::cells).toList();
  }

  private static List<String> cells(Standing standing) {
    Measurement median = standing.median();
    return List.of(
        standing.workload().name(),
        standing.contender().name(),
        format("%,.0f", median.rate()),
        format("%,.0f", median.p50()),
        format("%,.0f", median.p99()),
        format("%,.0f", median.max()),
        format("%,.1f", median.cpu()),
        Double.isNaN(standing.ofLimit()) ? "" : format("%.2f", standing.ofLimit()));
  }

  private static String format(String pattern, double number) {
    return String.format(Locale.ROOT, pattern, number);
  }

  String toText() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADER);
    lines.addAll(rows);
    int[] widths =
        IntStream.range(0, HEADER.size())
            .map(
                column ->
                    lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream().map(line -> aligned(line, widths)).collect(Collectors.joining("\n"));
  }

  private static String aligned(List<String> line, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            column -> {
              String padding = " ".repeat(widths[column] - line.get(column).length());
              return column < FIRST_NUMBER
                  ? line.get(column) + padding
                  : padding + line.get(column);
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  String toMarkdown() {
    List<String> lines = new ArrayList<>();
    lines.add(markdown(HEADER));
    lines.add("| --- | --- |" + " ---: |".repeat(HEADER.size() - FIRST_NUMBER));
    rows.forEach(row -> lines.add(markdown(row)));
    return String.join("\n", lines);
  }

  private static String markdown(List<String> line) {
    return "| " + String.join(" | ", line) + " |";
  }
}
