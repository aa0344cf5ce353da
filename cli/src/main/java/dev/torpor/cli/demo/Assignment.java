package dev.torpor.cli.demo;

import dev.torpor.state.Task;
import dev.torpor.store.JsonStateSerializer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payload of the team's tasks.
 *
 * @param folder the folder under review
 * @param log where a step writes a line each time it really runs
 * @param pauseMillis how long a reviewer takes for a file, at least
 * @param files what to look at, in the folder; empty for those who find that out themselves
 */
record Assignment(String folder, String log, long pauseMillis, List<String> files) {
  Assignment {
    files = List.copyOf(files);
  }

  static Assignment of(Task task) {
    return JsonStateSerializer.fromJson(task.payload(), Assignment.class);
  }

  /** The first of a review: to find the files. */
  static Assignment first(Path folder, Path log) {
    return new Assignment(folder.toString(), log.toString(), 0, List.of());
  }

  Assignment with(long pauseMillis, List<String> files) {
    return new Assignment(folder, log, pauseMillis, files);
  }

  @Nullable Object toJson() {
    return JsonStateSerializer.toJson(this);
  }
}
