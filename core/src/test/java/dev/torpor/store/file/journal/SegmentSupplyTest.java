package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentSupplyTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final AtomicBoolean full = new AtomicBoolean();
  private final FaultyDisk disk =
      new FaultyDisk((operation, file) -> failIf(full, operation == Operation.WRITE));
  private JournalFolder folder;

  @BeforeEach
  void makeFolder(@TempDir Path path) {
    folder = new JournalFolder(disk, path.resolve("journal"));
  }

  @Test
  void aFullDiskIsRefusedAndWorksAgainWhenThereIsSpace() throws Exception {
    try (Journal journal = startOnDiskThatFillsUp()) {
      long last = fill(journal);
      assertThatExceptionOfType(JournalFullException.class)
          .isThrownBy(() -> journal.awaitRoom(LONG));
      assertThatExceptionOfType(JournalFullException.class)
          .isThrownBy(() -> journal.awaitRoom(LONG));
      journal.awaitDurable(last);
      assertThat(filesIn(folder.path)).as("no half-made segment is left").hasSize(1);
      full.set(false);
      assertThat(journal.awaitRoom(LONG)).isTrue();
      commit(journal, last + 1, last + 20);
      assertThat(folder.replay().seqs()).hasSize((int) last + 20);
    }
  }

  @Test
  void manifestsThatCannotBeWrittenForLackOfSpaceAreTriedAgainWithTheSameSegment()
      throws Exception {
    List<Segment> told = new ArrayList<>();
    AtomicBoolean manifestFull = new AtomicBoolean();
    AtomicInteger made = new AtomicInteger();
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.RENAME && file.endsWith("0000000002.jsonl")) {
            made.incrementAndGet();
          }
        });
    SegmentListener listener =
        segment -> {
          told.add(segment);
          failIf(manifestFull, true);
          folder.prepared(segment);
          manifestFull.set(segment.number() == 1);
        };
    JournalReader reader = folder.read(0);
    JournalFolder.replay(reader, 1);
    try (Journal journal = Journal.start(reader, SMALL, InstantSource.system(), listener)) {
      fill(journal);
      assertThatExceptionOfType(JournalFullException.class)
          .isThrownBy(() -> journal.awaitRoom(LONG));
      manifestFull.set(false);
      assertThat(journal.awaitRoom(LONG)).isTrue();
    }
    assertThat(made).hasValue(1);
    assertThat(told).filteredOn(segment -> segment.number() == 2).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void anyOtherFailureFailsTheJournal() throws Exception {
    Journal journal = folder.start(SMALL);
    await().until(() -> folder.named.size() == 2);
    AtomicInteger writes = new AtomicInteger();
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE_DURABLY) {
            writes.incrementAndGet();
          }
          if (operation == Operation.FORCE) {
            throw new IOException("Input/output error");
          }
        });
    append(journal, 1, "x".repeat(400));
    long seq = 2;
    while (journal.hasRoom()) {
      append(journal, seq++, "x".repeat(400));
    }
    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(JournalFailedException.class)
                    .isThrownBy(() -> journal.awaitRoom(LONG))
                    .withRootCauseInstanceOf(IOException.class));
    journal.close();
    assertThat(writes).as("what waited is not written any more").hasValue(0);
  }

  @Test
  void whoDecidesWithoutRoomIsToldAndNothingIsLeft() throws Exception {
    try (Journal journal = startOnDiskThatFillsUp()) {
      long last = fill(journal);
      assertThatIllegalStateException()
          .isThrownBy(() -> append(journal, last + 1, "x".repeat(420)))
          .withMessageContaining("without room");
      assertThat(journal.appended()).isEqualTo(last);
    }
  }

  private Journal startOnDiskThatFillsUp() throws IOException {
    JournalReader reader = folder.read(0);
    JournalFolder.replay(reader, 1);
    SegmentListener listener =
        segment -> {
          folder.prepared(segment);
          full.compareAndSet(false, segment.number() == 1);
        };
    return Journal.start(reader, SMALL, InstantSource.system(), listener);
  }

  private static long fill(Journal journal) {
    long seq = 0;
    while (journal.hasRoom()) {
      append(journal, ++seq, "x".repeat(350));
    }
    return seq;
  }

  private static void failIf(AtomicBoolean full, boolean affected) throws IOException {
    if (affected && full.get()) {
      throw new IOException("No space left on device");
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
