package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Table;
import dev.torpor.cli.demo.Ledger.Kind;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Set;

/** The demo's end as a person reads it: the report, and the table. */
final class ResultText {
  private static final int LISTED = 8;

  private ResultText() {}

  static void print(DemoResult result, PrintWriter out) {
    report(result.report(), out);
    out.println();
    table(result, out);
  }

  private static void table(DemoResult result, PrintWriter out) {
    Table table = new Table("ACKNOWLEDGED BEFORE THE KILL", "TOLD", "FOUND AFTER IT", "LOST");
    for (Kind kind : Kind.values()) {
      int told = Objects.requireNonNull(result.acknowledged().get(kind));
      int lost = Objects.requireNonNull(result.lost().get(kind)).size();
      table.row(kind.title(), told, told - lost, lost);
    }
    table.print(out);
    out.println(
        "finished steps run again: %d (cut off by the kill, so run again: %d)"
            .formatted(result.repeats().finished().size(), result.repeats().cutOff().size()));
    out.println(
        "acknowledged until the end: %d, lost: %d"
            .formatted(DemoResult.sum(result.acknowledgedInAll()), result.lostInAll()));
    for (Kind kind : Kind.values()) {
      list("lost of " + kind.title(), result.allLost(kind), out);
    }
    list("run again", result.repeats().finished(), out);
    out.println(
        "server %d was killed, server %d went on; all took %.1f s"
            .formatted(result.killedPid(), result.restartedPid(), result.tookSeconds()));
  }

  private static void list(String title, Set<String> things, PrintWriter out) {
    things.forEach(thing -> out.println("  " + title + ": " + thing));
  }

  private static void report(Answer report, PrintWriter out) {
    out.println("Review of %d files".formatted(report.number("files")));
    for (Answer section : report.objects("checks")) {
      out.println();
      out.println(
          "%s: %d (%s)"
              .formatted(section.text("check"), section.number("count"), section.text("why")));
      section.objects("findings").stream()
          .limit(LISTED)
          .forEach(finding -> out.println("  " + place(finding) + "  " + finding.text("message")));
      if (section.number("count") > LISTED) {
        out.println("  and " + (section.number("count") - LISTED) + " more");
      }
    }
    if (report.objects("checks").isEmpty()) {
      out.println("nothing found");
      return;
    }
    out.println();
    Table table = new Table("FINDINGS", "FILE");
    report.objects("top_files").forEach(file -> table.row(file.number("count"), file.text("file")));
    table.print(out);
  }

  private static String place(Answer finding) {
    return finding.text("file") + (finding.number("line") > 0 ? ":" + finding.number("line") : "");
  }
}
