package dev.torpor.cli.demo;

import dev.torpor.AgentBehavior;
import dev.torpor.Turn;
import dev.torpor.state.TaskSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the source files, a step for each part of the folder, and gives every member its share. */
final class Indexer implements AgentBehavior {
  private static final int MAX_FILES_PER_TASK = 50;

  /** Fewer are not worth sharing: reviewed side by side, they would all be done at once. */
  private static final int MIN_FILES_PER_TASK = 4;

  /** What the pauses of all reviewers are to add up to: three seconds for each of three. */
  private static final long PAUSES_MILLIS = 9_000;

  private static final long LONGEST_PAUSE_MILLIS = 500;

  /** What a step found; the mark says which run of it. */
  record Index(String mark, List<String> files) {}

  @Override
  public void run(Turn turn) throws Exception {
    Assignment work = Assignment.of(turn.task());
    SourceFolder folder = new SourceFolder(Path.of(work.folder()));
    StepLog log = new StepLog(Path.of(work.log()));
    String taskId = turn.task().taskId();
    List<String> files = new ArrayList<>();
    for (String part : folder.parts()) {
      String step = part.isEmpty() ? "look at the top" : "look into " + part;
      files.addAll(
          turn.step(step, Index.class, () -> new Index(log.ran(taskId, step), folder.files(part)))
              .files());
    }
    List<String> reviewed =
        List.copyOf(files.subList(0, Math.min(files.size(), SourceFolder.MAX_FILES)));
    int tasks = share(turn, work, reviewed);
    TeamMail.send(
        turn,
        "The plan",
        "%d source files in %d tasks".formatted(reviewed.size(), tasks),
        new TeamMail.Plan(reviewed.size(), tasks));
    turn.result(Map.of("files", reviewed.size()));
  }

  private static int share(Turn turn, Assignment work, List<String> files) {
    if (files.isEmpty()) {
      return 0;
    }
    int team = ReviewTeam.REVIEWERS.size();
    int size = Math.clamp(Math.ceilDiv(files.size(), team), MIN_FILES_PER_TASK, MAX_FILES_PER_TASK);
    long pause = Math.min(PAUSES_MILLIS / files.size(), LONGEST_PAUSE_MILLIS);
    int tasks = 0;
    for (int from = 0; from < files.size(); from += size) {
      List<String> share = files.subList(from, Math.min(files.size(), from + size));
      turn.submit(
          ReviewTeam.REVIEWERS.get(tasks % team),
          TaskSpec.of("Review " + share.size() + " files")
              .payload(work.with(pause, share).toJson()));
      tasks++;
    }
    turn.submit(
        ReviewTeam.TESTER,
        TaskSpec.of("Look for missing tests").payload(work.with(0, files).toJson()));
    return tasks + 1;
  }
}
