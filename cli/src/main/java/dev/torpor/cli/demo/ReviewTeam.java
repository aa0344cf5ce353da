package dev.torpor.cli.demo;

import dev.torpor.Torpor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is in the team, and what each does. */
final class ReviewTeam {
  static final String INDEXER = "indexer";
  static final List<String> REVIEWERS = List.of("reviewer-1", "reviewer-2", "reviewer-3");
  static final String TESTER = "tester";
  static final String LEAD = "lead";

  private ReviewTeam() {}

  /** The behavior of each member. */
  static Map<String, String> members() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put(LEAD, "review-lead");
    members.put(INDEXER, "review-indexer");
    REVIEWERS.forEach(id -> members.put(id, "review-reviewer"));
    members.put(TESTER, "review-tester");
    return members;
  }

  static void register(Torpor torpor) {
    torpor.behavior("review-lead", new Lead());
    torpor.behavior("review-indexer", new Indexer());
    torpor.behavior("review-reviewer", new Reviewer());
    torpor.behavior("review-tester", new Tester());
  }
}
