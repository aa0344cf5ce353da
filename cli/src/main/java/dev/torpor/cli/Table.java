package dev.torpor.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/** Rows in aligned columns under a bold head. Columns of numbers are aligned to the right. */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... head) {
    this.head = List.of(head);
  }

  public Table row(Object... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + head.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell.toString().replaceAll("\\p{Cntrl}+", " "));
    }
    rows.add(row);
    return this;
  }

  public void print(PrintWriter out) {
    List<Column> columns = IntStream.range(0, head.size()).mapToObj(this::column).toList();
    String title = line(columns, head);
    out.println(Ansi.AUTO.enabled() ? "\u001b[1m" + title + "\u001b[0m" : title);
    rows.forEach(row -> out.println(line(columns, row)));
  }

  private record Column(int width, boolean isNumeric) {}

  private Column column(int number) {
    return new Column(width(number), isNumeric(number));
  }

  private static String line(List<Column> columns, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(columns.get(i).width() - cell.length());
      line.append(columns.get(i).isNumeric() ? padding + cell : cell + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int widest = head.get(column).length();
    for (List<String> row : rows) {
      widest = Math.max(widest, row.get(column).length());
    }
    return widest;
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("[\\d.,]+"));
  }
}
