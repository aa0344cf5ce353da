package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a journal that it cannot do, and starts that are not as usual. */
class JournalLimitsTest {

  private JournalFolder folder;

  @BeforeEach
  void makeFolder(@TempDir Path path) {
    folder = new JournalFolder(Disk.real(), path.resolve("journal"));
  }

  @Test
  void optionsThatCannotWorkAreRefused() {
    Duration idle = Duration.ofMillis(50);
    assertThat(new JournalOptions(768, 256, 1, Duration.ofNanos(1)).maxLineSize()).isEqualTo(256);
    List.<Runnable>of(
            () -> new JournalOptions(2048, 255, 1, idle),
            () -> new JournalOptions(767, 256, 1, idle),
            () -> new JournalOptions(2048, 512, 0, idle),
            () -> new JournalOptions(2048, 512, 1, Duration.ZERO),
            () -> new JournalOptions(2048, 512, 1, Duration.ofNanos(-1)))
        .forEach(options -> assertThatIllegalArgumentException().isThrownBy(options::run));
  }

  @Test
  void aSegmentHasANumberOfTenDigitsAndASize() {
    assertThat(new Segment(9_999_999_999L, 1).file(Path.of("j"))).hasFileName("9999999999.jsonl");
    List.<Runnable>of(
            () -> new Segment(0, 1), () -> new Segment(10_000_000_000L, 1), () -> new Segment(1, 0))
        .forEach(segment -> assertThatIllegalArgumentException().isThrownBy(segment::run));
  }

  @Test
  void aStoreIdThatIsNotPlainTextIsRefused() {
    for (String id : List.of("", "a\"b", "x".repeat(65))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> JournalReader.open(Disk.real(), folder.path, id, List.of(), 0));
    }
  }

  @Test
  void aJournalThatWasNotReplayedIsNotStarted() throws Exception {
    JournalReader reader = folder.read(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> Journal.start(reader, SMALL, InstantSource.system(), folder));
    assertThat(folder.path).doesNotExist();
  }

  @Test
  void aTailThatReadsOtherwiseTheSecondTimeIsNotTrusted() throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 3);
    append(journal, 4);
    append(journal, 5);
    journal.awaitDurable(5);
    folder.kill(journal);
    JournalReader reader = folder.read(0);
    assertThat(JournalFolder.replay(reader, 1).seqs()).hasSize(5);
    folder.overwrite(0, "line 5", "LINE 5");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Journal.start(reader, SMALL, InstantSource.system(), folder))
        .withMessageContaining("reads otherwise than before (4, not 5); start again");
    assertThat(folder.named).as("nothing was named").hasSizeLessThanOrEqualTo(2);
    try (Journal again = folder.start(SMALL)) {
      assertThat(again.durable()).isEqualTo(4);
    }
  }

  @Test
  void aLongTailIsCopiedWhole() throws Exception {
    JournalOptions large = new JournalOptions(8 << 20, 1 << 20, 1, Duration.ofHours(1));
    Journal journal = folder.start(large);
    for (long seq = 1; seq <= 6; seq++) {
      append(journal, seq, "x".repeat(700_000) + seq);
    }
    journal.awaitDurable(6);
    folder.kill(journal);
    List<String> before = folder.replay().lines();
    assertThat(before).hasSize(6);
    folder.start(large).close();
    folder.overwrite(0, "xxx", "yyy"); // what was copied is not read here any more
    assertThat(folder.replay().lines()).isEqualTo(before);
    assertThat(folder.replay().replay().damages()).isEmpty();
  }

  /** The line of the first segment was dropped as torn, and its number given again. */
  @Test
  void aVoidLineIsNotBelievedThoughTheHeaderThatMakesItVoidIsDamaged() throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 3);
    append(journal, 4, "old line 4");
    append(journal, 5, "old line 5");
    journal.awaitDurable(5);
    folder.kill(journal);
    folder.overwrite(0, "old line 4", "OLD LINE 4");
    try (Journal next = folder.start(SMALL)) {
      assertThat(next.appended()).isEqualTo(3);
      append(next, 4, "new line 4");
      append(next, 5, "new line 5");
    }
    int live = 0;
    while (folder.lines(live).stream().noneMatch(line -> line.contains("new line 4"))) {
      live++;
    }
    folder.overwrite(live, "\"segment\"", "\"SEGMENT\"");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(shown.lines().subList(3, 5))
        .allSatisfy(line -> assertThat(line).contains("new line"));
    assertThat(shown.replay().damages()).noneMatch(Damage::losesCommits);
  }

  /** Nothing tells from where on the new segment counts; the old line 5 is good, and is not it. */
  @Test
  void noVoidLineFillsAGapThoughTheLinesThatReplaceItAreDamagedToo() throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 3);
    append(journal, 4, "old line 4");
    append(journal, 5, "old line 5");
    journal.awaitDurable(5);
    folder.kill(journal);
    folder.overwrite(0, "old line 4", "OLD LINE 4");
    try (Journal next = folder.start(SMALL)) {
      for (long seq = 4; seq <= 6; seq++) {
        append(next, seq, "new line " + seq);
      }
    }
    int live = 0;
    while (folder.lines(live).stream().noneMatch(line -> line.contains("new line 4"))) {
      live++;
    }
    folder.overwrite(live, "\"segment\"", "\"SEGMENT\"");
    folder.overwrite(live, "new line 4", "NEW LINE 4");
    folder.overwrite(live, "new line 5", "NEW LINE 5");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 6L);
    assertThat(shown.replay().damages())
        .filteredOn(Damage::losesCommits)
        .singleElement()
        .satisfies(
            damage -> {
              assertThat(damage.fromSeq()).isEqualTo(4);
              assertThat(damage.toSeq()).isEqualTo(5);
            });
  }

  @Test
  void aSegmentOfANewerFormatOrUnderAnotherNameIsNotReadAsOneOfOurs() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 3);
    }
    Path file = folder.file(folder.named.getFirst());
    String content = Files.readString(file);
    Segment renamed = new Segment(5, SMALL.segmentSize());
    Files.move(file, folder.file(renamed));
    JournalReader reader =
        JournalReader.open(Disk.real(), folder.path, JournalFolder.STORE, List.of(renamed), 0);
    assertThat(JournalFolder.replay(reader, 1).replay().damages())
        .singleElement()
        .satisfies(
            damage ->
                assertThat(damage.what())
                    .isEqualTo("the segment was made as number 1 with 2048 bytes"));
    String header = content.lines().findFirst().orElseThrow();
    String newer = header.substring(18).replace("\"format\":1", "\"format\":2");
    Files.writeString(file, content.replace(header, signed(newer)));
    assertThat(folder.replay().replay().damages())
        .first()
        .satisfies(
            damage ->
                assertThat(damage.what())
                    .isEqualTo("the segment has format 2, and this program knows up to 1"));
  }

  private static String signed(String rest) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(rest.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return "{\"crc\":\"%s\",%s"
        .formatted(java.util.HexFormat.of().toHexDigits((int) crc.getValue()), rest);
  }

  @Test
  void aCloseThatIsInterruptedIsDoneAllTheSame() throws Exception {
    Journal journal = folder.start(SMALL);
    append(journal, 1);
    Thread.currentThread().interrupt();
    journal.close();
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(folder.replay().seqs()).containsExactly(1L);
    assertThat(folder.read(0).durable()).isEqualTo(1);
  }
}
