package dev.torpor.server.kill;

import dev.torpor.Torpor;
import dev.torpor.Turn;
import dev.torpor.server.ServeOptions;
import dev.torpor.server.ServerOptions;
import dev.torpor.server.ServerProcess;
import dev.torpor.state.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * The real server, as a process of its own that can be killed, with one behavior more: {@code
 * filer}, whose steps leave a line in a file outside the state each time that they really run.
 */
final class KillServer {
  private static final int STEPS = 4;

  /** So often that most kills come near a checkpoint, and some into the middle of one. */
  private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(100);

  private KillServer() {}

  /** Arguments: the state folder, the file. */
  public static void main(String[] args) {
    Path file = Path.of(args[1]);
    int status =
        ServerProcess.run(
            new ServeOptions(
                Path.of(args[0]), ServerOptions.DEFAULT.port(0), CHECKPOINT_EVERY, true, null),
            torpor -> register(torpor, file));
    System.exit(status);
  }

  private static void register(Torpor torpor, Path file) {
    torpor.behavior("filer", turn -> work(turn, file));
  }

  private static void work(Turn turn, Path file) {
    for (int step = 1; step <= STEPS; step++) {
      String name = "step-" + step;
      String run = turn.step(name, () -> write(turn, name, file));
      turn.memory().put(turn.task().prompt() + " " + name, run);
    }
    turn.append(Message.assistant("did " + turn.task().prompt()));
    turn.mail("user").subject("did " + turn.task().prompt()).body("done").send();
    turn.result(Map.of("steps", STEPS));
  }

  private static String write(Turn turn, String step, Path file) throws IOException {
    String run = UUID.randomUUID().toString();
    Files.writeString(
        file,
        turn.task().taskId() + " " + step + " " + run + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return run;
  }
}
