package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.NOON;
import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.torpor.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAppendTest {

  private JournalFolder folder;

  @BeforeEach
  void makeFolder(@TempDir Path path) {
    folder = new JournalFolder(Disk.real(), path.resolve("journal"));
  }

  @Test
  void commitsComeBackInOrderOverManySegmentsAndLives() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 40);
      assertThat(journal.durable()).isEqualTo(40);
    }
    try (Journal journal = folder.start(SMALL)) {
      assertThat(journal.appended()).isEqualTo(40);
      commit(journal, 41, 60);
    }
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 60).boxed().toList());
    assertThat(shown.replay()).isEqualTo(new Replay(60, 0, null, List.of()));
    assertThat(folder.read(0).firstSeqs().values()).containsExactlyElementsOf(folder.begun);
    assertThat(folder.begun).hasSizeGreaterThan(4).isSorted();
  }

  @Test
  void aCloseLeavesNoSegmentThatNobodyWroteTo() throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 40);
    while (!Files.exists(folder.file(folder.named.getLast())) // ready, or being made
        || folder.named.size() == folder.begun.size()) {
      Thread.sleep(1);
    }
    journal.close();
    assertThat(folder.named).hasSameSizeAs(folder.begun);
    try (Stream<Path> files = Files.list(folder.path)) {
      assertThat(files.toList())
          .containsExactlyInAnyOrderElementsOf(folder.named.stream().map(folder::file).toList());
    }
    assertThat(folder.read(0).blank()).isEmpty();
  }

  @Test
  void aLineSaysWhatWasDurableWhenItWasWritten() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 2);
      append(journal, 3);
      append(journal, 4);
    }
    assertThat(folder.replay().lines().get(3))
        .contains("\"seq\":4,\"durable\":2,\"at\":\"2026-11-24T12:00:00.123456Z\",\"changes\":");
  }

  @Test
  void aLineThatIsTooLongLeavesNoTraceAndTellsItsSize() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      append(journal, 1);
      int overhead = lengthOfLine(2, 0);
      assertThatExceptionOfType(LineTooLongException.class)
          .isThrownBy(() -> append(journal, 2, "x".repeat(513 - overhead)))
          .satisfies(
              refusal -> {
                assertThat(refusal.size()).isEqualTo(513);
                assertThat(refusal.limit()).isEqualTo(512);
              });
      assertThat(journal.appended()).isEqualTo(1);
      append(journal, 2, "y".repeat(512 - overhead));
      journal.awaitDurable(2);
    }
    assertThat(folder.replay().lines()).hasSize(2).last().asString().contains("yyy");
  }

  private static int lengthOfLine(long seq, long durable) {
    LineBuffer line = new LineBuffer();
    new LineEncoder().commit(line, seq, durable, NOON, out -> out.writeAscii("\"changes\":[\"\"]"));
    return line.size();
  }

  @Test
  void whatABodyThrowsComesOutAndNothingOfItsLineIsLeft() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      append(journal, 1);
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  journal.append(
                      2,
                      NOON,
                      line -> {
                        line.writeAscii("\"changes\":[");
                        throw new IllegalStateException("not so");
                      }))
          .withMessage("not so");
      assertThatIllegalArgumentException().isThrownBy(() -> journal.append(2, NOON, line -> {}));
      append(journal, 2);
      journal.awaitDurable(2);
    }
    assertThat(folder.replay().seqs()).containsExactly(1L, 2L);
  }

  @Test
  void aCommitOutOfOrderIsRefused() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      append(journal, 1);
      assertThatIllegalStateException().isThrownBy(() -> append(journal, 1));
      assertThatIllegalStateException().isThrownBy(() -> append(journal, 3));
      assertThatIllegalArgumentException().isThrownBy(() -> journal.awaitDurable(2));
      assertThatIllegalArgumentException().isThrownBy(() -> journal.whenDurable(2));
    }
  }

  @Test
  void aClosedJournalIsDurableAndRefusesMore() throws Exception {
    Journal journal = folder.start(SMALL);
    append(journal, 1);
    journal.close();
    journal.close();
    journal.awaitDurable(1);
    assertThat(journal.hasRoom()).isFalse();
    assertThatExceptionOfType(JournalClosedException.class).isThrownBy(() -> append(journal, 2));
    assertThatIllegalStateException().isThrownBy(() -> journal.awaitRoom(Duration.ofSeconds(1)));
    assertThat(folder.lines(0))
        .last()
        .asString()
        .contains(",\"durable\":1,\"at\"")
        .doesNotContain("seq");
  }

  @Test
  void whatIsRoomHoldsTheLongestLine() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      for (long seq = 1; seq <= 60; seq++) {
        while (!journal.hasRoom()) {
          journal.awaitRoom(Duration.ofSeconds(10));
        }
        append(journal, seq, "z".repeat((int) (seq * 67 % 400)));
      }
      journal.awaitDurable(60);
    }
    assertThat(folder.replay().seqs()).hasSize(60);
    for (int i = 0; i < folder.begun.size() - 1; i++) {
      String content = Files.readString(folder.file(folder.named.get(i)));
      assertThat(content.length() - content.stripTrailing().length())
          .as("space for a mark behind the commits of segment %d", i)
          .isGreaterThan(LineEncoder.MARK_LIMIT);
    }
  }
}
