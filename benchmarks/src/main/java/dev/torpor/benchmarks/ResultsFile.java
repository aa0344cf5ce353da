package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of Markdown with a section for each benchmark, of which a new run replaces its own. */
record ResultsFile(Path path) {

  private static final String TITLE =
      """
      # Results

      The last run of each benchmark. Sections with numbers are written by the benchmark itself.
      """;

  void replaceSection(String heading, String body) throws IOException {
    String text = Files.exists(path) ? Files.readString(path) : TITLE;
    String marker = "\n## " + heading + "\n";
    int start = text.indexOf(marker);
    int end = start < 0 ? -1 : text.indexOf("\n## ", start + marker.length());
    String before = start < 0 ? text : text.substring(0, start);
    String after = end < 0 ? "" : text.substring(end);
    Files.writeString(path, before + marker + "\n" + body.strip() + "\n" + after);
  }
}
