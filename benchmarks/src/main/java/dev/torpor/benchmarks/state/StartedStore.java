package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A store that is opened, and whose first agent does something. Plays {@link Role#START}: says when
 * it is ready and how many commits it read, and when the first turn is over, if there is one.
 */
final class StartedStore {

  private StartedStore() {}

  /** Arguments: the folder, and the agent that has its turn, if any. */
  static void run(String[] arguments) {
    try (Torpor torpor = Stores.at(Path.of(arguments[0])).open()) {
      Role.say("ready", Role.sinceMain(), torpor.recovery().commitsReplayed());
      if (arguments.length > 1) {
        long before = System.nanoTime();
        runFirstTask(torpor, arguments[1]);
        Role.say("turn", (System.nanoTime() - before) / 1e6);
      }
    }
  }

  private static void runFirstTask(Torpor torpor, String agent) {
    List<Task> queue = torpor.tasks(agent, TaskStatus.PENDING, 1, null).items();
    var _ = torpor.agent(agent).wake();
    Task done = torpor.agent(agent).await(queue.getFirst().taskId(), Duration.ofMinutes(1));
    if (done.status() != TaskStatus.COMPLETED) {
      throw new IllegalStateException("the first task is " + done);
    }
  }
}
