package dev.torpor.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Results, as text in columns or as a table of Markdown.
 *
 * @param header the names of the columns
 * @param names how many columns, from the first, are names; the others are numbers
 * @param rows as many cells as the header has
 */
public record Table(List<String> header, int names, List<List<String>> rows) {
  public Table {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(row + " under " + header);
      }
    }
  }

  /** A number as a cell shows it: {@code %,.1f}, say. */
  public static String number(String pattern, double number) {
    return Double.isNaN(number) ? "" : String.format(Locale.ROOT, pattern, number);
  }

  String toText() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(header);
    lines.addAll(rows);
    int[] widths =
        IntStream.range(0, header.size())
            .map(
                column ->
                    lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream().map(line -> aligned(line, widths)).collect(Collectors.joining("\n"));
  }

  private String aligned(List<String> line, int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(
            column -> {
              String padding = " ".repeat(widths[column] - line.get(column).length());
              return column < names ? line.get(column) + padding : padding + line.get(column);
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  String toMarkdown() {
    List<String> lines = new ArrayList<>();
    lines.add(markdown(header));
    lines.add("|" + " --- |".repeat(names) + " ---: |".repeat(header.size() - names));
    rows.forEach(row -> lines.add(markdown(row)));
    return String.join("\n", lines);
  }

  private static String markdown(List<String> line) {
    return "| " + String.join(" | ", line) + " |";
  }
}
