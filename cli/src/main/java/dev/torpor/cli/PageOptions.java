package dev.torpor.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a list is wanted. */
final class PageOptions {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many (default: ${DEFAULT-VALUE}, at most 1000).")
  private int limit;

  @Option(names = "--cursor", paramLabel = "C", description = "Go on where a list ended.")
  private @Nullable String cursor;

  void putTo(Map<String, @Nullable Object> params) {
    params.put("limit", limit);
    params.put("cursor", cursor);
  }

  /** Says how to see the rest, unless the answer was the end of the list. */
  static void sayRest(Answer answer, PrintWriter out) {
    if (answer.has("next_cursor")) {
      out.println("there are more: --cursor " + answer.text("next_cursor"));
    }
  }
}
