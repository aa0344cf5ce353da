package dev.torpor.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.Torpor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedStartTest {
  @TempDir private Path folder;

  @Test
  void aStartThatAnErrorEndsLeavesNothingOpen() {
    Path state = folder.resolve("state");
    ServeOptions options = new ServeOptions(state, ServerOptions.DEFAULT.port(0));
    Error error = new NoClassDefFoundError("a behavior's");
    assertThatThrownBy(
            () ->
                ServerProcess.run(
                    options,
                    torpor -> {
                      throw error;
                    }))
        .isSameAs(error);
    try (Torpor torpor = Torpor.at(state).open()) {
      assertThat(torpor.recovery().damaged()).isEmpty();
    }
  }
}
