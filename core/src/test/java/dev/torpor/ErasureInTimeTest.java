package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.state.Message;
import dev.torpor.store.CheckProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When what was deleted is erased, and what goes on meanwhile. */
class ErasureInTimeTest extends ErasureRig {
  @Test
  void inTimeItGoesByItself() throws Exception {
    TorporBuilder builder = builder().eraseDeletedWithin(Duration.ofSeconds(200));
    try (Torpor torpor = builder.open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      torpor.checkpoint();
      quarantine();
      assertThat(found()).isNotEmpty();
      clock.by = Duration.ofSeconds(99);
      // Nothing is committed any more, and nobody asks for anything.
      clock.by = Duration.ofSeconds(101);
      await().atMost(Folders.SOON).until(() -> found().isEmpty());
      assertTheRestIsThere(torpor);
    }
  }

  @Test
  void aStartGoesOnWithWhatTheLastProcessDidNotDo() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      quarantine();
    }
    clock.by = Duration.ofHours(11);
    try (Torpor torpor = builder().open()) {
      torpor.checkpoint();
      assertThat(found()).isNotEmpty();
    }
    clock.by = Duration.ofHours(13);
    try (Torpor torpor = builder().open()) {
      await().atMost(Folders.SOON).until(() -> found().isEmpty());
      assertTheRestIsThere(torpor);
    }
  }

  @Test
  void itGoesWhileOthersWorkAndCheckpointsAndMergesRun() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (Torpor torpor = builder().checkpointEvery(Duration.ofMillis(5)).open()) {
      torpor.agent("carl", AgentSpec.of("none"));
      Thread worker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !ended.get(); i++) {
                      torpor.agent("carl").append(Message.user("m" + i));
                    }
                  });
      try {
        for (int i = 0; i < 5; i++) {
          torpor.agent("alice", AgentSpec.of("none")).append(Message.user(WORD));
          torpor.agent("alice").mail("alice", WORD, WORD);
          Thread.sleep(20);
          torpor.agent("alice").delete();
          torpor.cleanUp(NOBODY);
          assertThat(found()).isEmpty();
        }
      } finally {
        ended.set(true);
        worker.join();
      }
      assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
    }
  }

  private Map<Path, List<Object>> files() throws IOException {
    Map<Path, List<Object>> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(state())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, List.of(Files.size(file), Files.getLastModifiedTime(file)));
      }
    }
    return files;
  }

  @Test
  void whatRunsOnACallersThreadIsOverWhenTheStoreIsClosed() throws Exception {
    for (int round = 0; round < 12; round++) {
      Torpor torpor = builder().open();
      for (int i = 0; i < 20; i++) {
        torpor.agent("agent-" + i, AgentSpec.of("none")).append(Message.user(WORD.repeat(1000)));
      }
      torpor.checkpoint();
      torpor.agent("agent-0").delete();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      torpor.cleanUp(NOBODY);
                    } catch (TorporException | IllegalStateException e) {
                      return; // it was closed
                    }
                  });
      Thread.sleep(2L * round);
      torpor.close();
      Map<Path, List<Object>> left = files();
      caller.join();
      assertThat(files()).isEqualTo(left);
    }
    try (Torpor torpor = builder().open()) {
      assertThat(torpor.recovery().damaged()).isEmpty();
    }
  }
}
