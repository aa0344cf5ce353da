package dev.torpor.store.file;

import static dev.torpor.store.file.StateFolder.commit;
import static dev.torpor.store.file.StateFolder.created;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.Change;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When it is time to erase: the agent here was deleted at {@link StateFolder#AT}. */
class ErasureTimesTest {
  private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

  @TempDir private Path path;

  private boolean isErased(Duration behindDeletion, Duration within) throws Exception {
    Instant now = StateFolder.AT.plus(behindDeletion);
    PackOptions options = PackOptions.every(EVER).with(new Retention(EVER, within));
    try (FileStore store =
        FileStore.open(
            path.resolve("state" + behindDeletion + within),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.fixed(now, ZoneOffset.UTC),
            options)) {
      commit(store, created("alice"));
      commit(store, new Change.AgentDeleted("alice", 2));
      store.beforeErasure(
          () -> store.awaitDurable(commit(store, new Change.ErasureBegun(store.appended()))));
      store.upkeep().erasure().runIfDue();
      return store.stats().packed() > 0;
    }
  }

  @Test
  void itIsTimeWhenHalfOfTheTimeIsOver() throws Exception {
    assertThat(isErased(Duration.ofHours(12).minusMillis(1), Duration.ofDays(1))).isFalse();
    assertThat(isErased(Duration.ofHours(12), Duration.ofDays(1))).isTrue();
  }

  @Test
  void withoutEndItNeverIs() throws Exception {
    assertThat(isErased(Duration.ofDays(100_000), EVER)).isFalse();
  }

  @Test
  void aDeletionInTheFutureIsErasedAtOnce() throws Exception {
    assertThat(isErased(Duration.ofMillis(-1), Duration.ofDays(1))).isTrue();
  }
}
