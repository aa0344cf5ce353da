package dev.torpor.cli.demo;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import dev.torpor.state.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reviews files, a step each, so that what is reviewed is reviewed once whatever happens. */
final class Reviewer implements AgentBehavior {
  /** What a step found; the mark says which run of it. */
  record Review(String mark, List<Finding> findings) {}

  @Override
  public void run(Turn turn) {
    Assignment work = Assignment.of(turn.task());
    SourceFolder folder = new SourceFolder(Path.of(work.folder()));
    StepLog log = new StepLog(Path.of(work.log()));
    String taskId = turn.task().taskId();
    List<Finding> findings = new ArrayList<>();
    for (String file : work.files()) {
      String step = "review " + file;
      Review review =
          turn.step(
              step,
              Review.class,
              () -> {
                String mark = log.ran(taskId, step);
                // The checks take a millisecond a file; without a pause all would be done before
                // anybody could kill the server half-way.
                Thread.sleep(work.pauseMillis());
                return new Review(mark, folder.read(file).map(Checks::review).orElse(List.of()));
              });
      findings.addAll(review.findings());
    }
    String summary = "%d findings in %d files".formatted(findings.size(), work.files().size());
    turn.append(Message.assistant(summary));
    TeamMail.send(turn, "Reviewed", summary, new TeamMail.Share(work.files().size(), findings));
    turn.result(Map.of("findings", findings.size()));
  }
}
