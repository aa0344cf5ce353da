package dev.torpor.server;

import dev.torpor.store.CheckReport;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.RepairReport;
import dev.torpor.store.SavedAgent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is found damaged, as methods answer it and as commands that open a folder say it. */
public final class Reports {
  private Reports() {}

  /** The answer of {@code state.verify}. */
  public static Map<String, @Nullable Object> check(CheckReport report) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("clean", report.isClean());
    view.put("agents", report.agents());
    view.put("entries", report.entries());
    view.put("bytes", report.bytes());
    view.put("damaged", report.damaged().stream().map(Reports::found).toList());
    view.put("from_documents", report.saved().stream().map(Reports::saved).toList());
    view.put("notes", report.notes());
    view.put("took_seconds", Views.seconds(report.took()));
    return view;
  }

  /** The answer of {@code state.repair}. */
  public static Map<String, @Nullable Object> repair(RepairReport report) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("whole", report.isWhole());
    view.put("damaged", report.damaged().stream().map(Reports::damage).toList());
    view.put("restored", report.restored());
    view.put("from_documents", report.after().saved().stream().map(Reports::saved).toList());
    view.put("remaining", report.after().damaged().stream().map(Reports::found).toList());
    view.put("notes", report.after().notes());
    view.put("agents", report.after().agents());
    view.put("took_seconds", Views.seconds(report.took()));
    return view;
  }

  /** What the documents of a damaged agent say. */
  private static Map<String, @Nullable Object> saved(SavedAgent agent) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("agent", agent.agent());
    view.put("version", agent.version());
    view.put("serves", agent.serves());
    Views.putKnown(view, "why_not", agent.refusal());
    return view;
  }

  private static Map<String, @Nullable Object> found(CheckReport.Found found) {
    Map<String, @Nullable Object> view = damage(found.damage());
    view.put("healable", found.healable());
    return view;
  }

  static Map<String, @Nullable Object> damage(Damage damage) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("file", damage.file());
    Views.putKnown(view, "agent", damage.agent());
    putRange(view, "versions", damage.versions());
    putRange(view, "sequence_numbers", damage.sequenceNumbers());
    view.put("what", damage.what());
    view.put("healed", damage.healed());
    return view;
  }

  private static void putRange(
      Map<String, @Nullable Object> view, String name, @Nullable Range range) {
    if (range != null) {
      Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
      numbers.put("from", range.from());
      Views.putKnown(numbers, "to", range.to());
      view.put(name, numbers);
    }
  }
}
