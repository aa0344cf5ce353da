package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Message;
import dev.torpor.store.CheckProgress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times beyond all measure, times that are none, and clocks that were ahead. */
class OddTimesTest {
  private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

  @TempDir private Path folder;

  private TorporBuilder builder() {
    return Torpor.at(folder.resolve("state"));
  }

  @Test
  void aTimeWithoutEndIsALongOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Torpor torpor =
        builder()
            .checkpointEvery(EVER)
            .keepIdempotencyKeys(EVER)
            .eraseDeletedWithin(EVER)
            .grace(EVER)
            .behavior(
                "patient",
                turn -> {
                  begun.countDown();
                  goOn.await();
                })
            .open()) {
      Agent agent = torpor.agent("alice", AgentSpec.of("patient"));
      String task = agent.submit("x").taskId();
      begun.await();
      Thread stop = Thread.ofVirtual().start(agent::stop);
      await()
          .until(
              () ->
                  stop.getState() == Thread.State.WAITING
                      || !stop.isAlive()
                      || stop.getState() == Thread.State.TIMED_WAITING);
      goOn.countDown();
      stop.join();
      assertThat(agent.view().session().status()).isEqualTo(AgentStatus.STOPPED);
      agent.start();
      torpor.await(task, EVER);
      agent.delete();
      assertThat(torpor.cleanUp(EVER)).isEmpty();
    }
  }

  @Test
  void aTimeThatIsNoneIsRefusedAtOnce() {
    for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      for (Consumer<Duration> option :
          List.<Consumer<Duration>>of(builder()::checkpointEvery, builder()::eraseDeletedWithin)) {
        assertThatThrownBy(() -> option.accept(none))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a time of above 0, not " + none);
      }
    }
    for (Consumer<Duration> option :
        List.<Consumer<Duration>>of(builder()::keepIdempotencyKeys, builder()::grace)) {
      option.accept(Duration.ZERO);
      assertThatThrownBy(() -> option.accept(Duration.ofSeconds(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a time of 0 or more, not PT-1S");
    }
  }

  @Test
  void whatWasDeletedByAClockThatWasAheadIsErasedAllTheSame() throws Exception {
    try (Torpor torpor = builder().clock(Folders.ahead(Duration.ofDays(400))).open()) {
      torpor.agent("alice", AgentSpec.of("none")).append(Message.user("zyzzyva"));
      torpor.checkpoint();
      torpor.agent("alice").delete();
    }
    try (Torpor torpor = builder().open()) {
      await().atMost(Folders.SOON).until(() -> !isInAPack("zyzzyva"));
      assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
    }
  }

  private boolean isInAPack(String word) throws Exception {
    try (Stream<Path> packs = Files.list(folder.resolve("state/packs"))) {
      for (Path pack : packs.toList()) {
        if (Files.exists(pack) && Files.readString(pack).contains(word)) {
          return true;
        }
      }
      return false;
    } catch (java.nio.file.NoSuchFileException gone) {
      return true;
    }
  }
}
