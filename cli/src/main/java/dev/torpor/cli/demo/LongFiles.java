package dev.torpor.cli.demo;

import java.util.List;

/** Files that hold more than one idea, by their length. */
final class LongFiles implements Check {
  static final int MAX_LINES = 500;

  @Override
  public String name() {
    return "long file";
  }

  @Override
  public String why() {
    return "past " + MAX_LINES + " lines there is usually a second idea in it";
  }

  @Override
  public List<Finding> findings(SourceFile file) {
    long lines = file.text().lines().count();
    return lines > MAX_LINES
        ? List.of(new Finding(name(), file.path(), 0, lines + " lines"))
        : List.of();
  }
}
