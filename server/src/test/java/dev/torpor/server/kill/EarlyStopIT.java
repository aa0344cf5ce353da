package dev.torpor.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.state.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM that comes while the state folder is being opened, and nothing is served yet. */
class EarlyStopIT {
  @TempDir private Path folder;

  @Test
  void aServerThatIsToldToStopBeforeItIsReadyEndsWithStatusZeroToo() throws Exception {
    Path state = folder.resolve("state");
    try (Torpor torpor = Torpor.at(state).open()) {
      torpor.agent("alice", AgentSpec.of("none")).append(Message.user("x"));
    }
    int early = 0;
    for (int i = 0; i < 5; i++) {
      Process server = ServerUnderFire.launch(folder);
      awaitHolder(state.resolve("LOCK"), server.pid());
      server.toHandle().destroy(); // which leaves its output to be read
      byte[] said = server.getInputStream().readAllBytes();
      assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
      early += said.length == 0 ? 1 : 0;
      try (Torpor torpor = Torpor.at(state).open()) {
        assertThat(torpor.recovery().damaged()).isEmpty();
        assertThat(torpor.agent("alice").history(1)).hasSize(1);
      }
    }
    assertThat(early).as("stops before the line that says ready").isPositive();
  }

  private static void awaitHolder(Path lock, long pid) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.readString(lock).contains("\"pid\":" + pid)) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(1);
    }
  }
}
