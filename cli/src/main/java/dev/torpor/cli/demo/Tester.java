package dev.torpor.cli.demo;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Looks for source files without a test. */
final class Tester implements AgentBehavior {
  private static final String STEP = "match tests with what they test";
  private static final int MAX_FINDINGS = 1000;

  /** What the step found; the mark says which run of it. */
  record Matched(String mark, List<Finding> findings) {}

  @Override
  public void run(Turn turn) {
    Assignment work = Assignment.of(turn.task());
    StepLog log = new StepLog(Path.of(work.log()));
    String taskId = turn.task().taskId();
    Matched matched =
        turn.step(
            STEP,
            Matched.class,
            () ->
                new Matched(
                    log.ran(taskId, STEP),
                    MissingTests.findings(work.files()).stream().limit(MAX_FINDINGS).toList()));
    long tests = work.files().stream().filter(MissingTests::isTest).count();
    TeamMail.send(
        turn,
        "Tests",
        "%d test files; %d source files have no test named after them"
            .formatted(tests, matched.findings().size()),
        new TeamMail.Share(0, matched.findings()));
    turn.result(Map.of("test_files", tests, "findings", matched.findings().size()));
  }
}
