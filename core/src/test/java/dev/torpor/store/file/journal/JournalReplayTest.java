package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.torpor.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad or missing line means. */
class JournalReplayTest {

  private JournalFolder folder;

  @BeforeEach
  void makeFolder(@TempDir Path path) {
    folder = new JournalFolder(Disk.real(), path.resolve("journal"));
  }

  @Test
  void anEmptyFolderIsAnEmptyJournal() throws Exception {
    assertThat(folder.replay().replay()).isEqualTo(new Replay(0, 0, null, List.of()));
  }

  @Test
  void aTornLastLineIsDroppedAndNothingAcknowledgedIsLost() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 5\"]}", "\n\n\n\n\n\n\n\n\n");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(shown.replay().damages()).isEmpty();
    TornTail torn = shown.replay().tornTail();
    assertThat(torn.lines()).isEqualTo(1);
    assertThat(torn.bytes()).isBetween(80L, 120L);
    String content = Files.readString(torn.file());
    assertThat(content.substring((int) torn.position()).substring(18)).startsWith("\"seq\":5,");
  }

  @Test
  void goodLinesBehindABadOneAboveTheMarkAreDroppedWithIt() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 4", "LINE 4");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L);
    assertThat(shown.replay().damages()).isEmpty();
    assertThat(shown.replay().tornTail().lines()).isEqualTo(2);
  }

  @Test
  void aMarkKnownFromElsewhereTurnsTheTailIntoDamage() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 4", "LINE 4");
    JournalFolder.Shown shown = JournalFolder.replay(folder.read(5), 1);
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 5L);
    assertLost(shown.replay(), 4, 4);
    assertThat(shown.replay().tornTail()).isNull();
  }

  @Test
  void damageBelowTheMarkIsNamedAndReadingGoesOnBehindIt() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 2", "LINE 2");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 3L, 4L, 5L);
    assertThat(shown.replay().tailLines()).isEqualTo(2);
    assertLost(shown.replay(), 2, 2);
    assertThat(shown.replay().damages().getFirst().what()).contains("checksum");
  }

  @Test
  void damageOfWhatIsNotNeededIsNeitherMissedNorCounted() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 2", "LINE 2");
    JournalFolder.Shown shown = JournalFolder.replay(folder.read(0), 3);
    assertThat(shown.seqs()).containsExactly(3L, 4L, 5L);
    assertThat(shown.replay().damages()).noneMatch(Damage::losesCommits);
  }

  @Test
  void aLostEndBelowTheMarkIsDamage() throws Exception {
    threeCommitsThenTwoNotForced();
    JournalFolder.Shown shown = JournalFolder.replay(folder.read(7), 1);
    assertThat(shown.replay().last()).isEqualTo(7);
    assertLost(shown.replay(), 6, 7);
  }

  @Test
  void aDamagedMarkInTheMiddleLosesNothingNotEvenTheTail() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "\"durable\":0,\"at\"", "\"durable\":1,\"at\"");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(shown.replay().damages()).hasSize(1).noneMatch(Damage::losesCommits);
  }

  @Test
  void aByteThatChangedInTheBlankSpaceIsATornTail() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "\n\n\n\n\n", "\n\n\nx\n");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).hasSize(5);
    assertThat(shown.replay().tornTail().lines()).isEqualTo(1);
    assertThat(shown.replay().tornTail().bytes()).isEqualTo(2);
  }

  @Test
  void aMissingSegmentIsDamageUnlessNothingInItIsNeeded() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 60);
    }
    Files.delete(folder.file(folder.named.get(1)));
    long first = folder.begun.get(1);
    long last = folder.begun.get(2) - 1;
    assertLost(folder.replay().replay(), first, last);
    assertThat(folder.replay().seqs()).hasSize((int) (60 - (last - first + 1)));
    assertThat(JournalFolder.replay(folder.read(0), last + 1).replay().damages()).isEmpty();
  }

  @Test
  void aMissingLastSegmentIsDamageThoughNoMarkIsLeftThatSaysSo() throws Exception {
    try (Journal journal = folder.start(SMALL)) {
      commit(journal, 1, 3);
    }
    folder.named.subList(1, folder.named.size()).clear();
    Files.delete(folder.file(folder.named.getFirst()));
    assertLost(folder.replay().replay(), 1, Damage.UNKNOWN);
  }

  @Test
  void aSegmentOfAnotherStoreIsDamageAndNotRead() throws Exception {
    threeCommitsThenTwoNotForced();
    JournalReader reader =
        JournalReader.open(folder.disk, folder.path, "other", folder.named.subList(0, 1), 0);
    JournalFolder.Shown shown = JournalFolder.replay(reader, 1);
    assertThat(shown.seqs()).isEmpty();
    assertThat(shown.replay().damages().getFirst().what()).contains("belongs to store 5f1c");
  }

  @Test
  void linesThatAHigherSegmentHasTakenOverAreVoid() throws Exception {
    twoDroppedThenThreeOthers();
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.replay()).isEqualTo(new Replay(6, 0, null, List.of()));
    assertThat(shown.lines().subList(3, 6)).allMatch(line -> line.contains("other"));
  }

  @Test
  void voidLinesDoNotComeBackWhenTheHeaderThatVoidsThemIsDamaged() throws Exception {
    twoDroppedThenThreeOthers();
    int second = folder.named.size() - 1;
    folder.overwrite(second, "\"from\":4", "\"from\":9");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(shown.lines().get(4)).contains("other 5");
    assertThat(shown.replay().damages()).isNotEmpty().noneMatch(Damage::losesCommits);
    assertThat(folder.read(0).firstSeqs()).containsEntry(folder.named.get(second).number(), 4L);
    folder.overwrite(second, "other 4", "OTHER 4");
    folder.overwrite(second, "other 5", "OTHER 5");
    shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 6L);
    assertLost(shown.replay(), 4, 5);
    String torn =
        folder.lines(0).stream().filter(line -> line.contains("LINE 4")).findFirst().get();
    folder.overwrite(0, torn, "\n".repeat(torn.length())); // as if nothing of it had been written
    assertThat(folder.replay().seqs()).containsExactly(1L, 2L, 3L, 6L);
  }

  @Test
  void voidLinesDoNotStandInForWhatIsDamagedBeforeThem() throws Exception {
    twoDroppedThenThreeOthers();
    folder.overwrite(0, "line 3", "LINE 3");
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 4L, 5L, 6L);
    assertThat(shown.lines().subList(2, 5)).allMatch(line -> line.contains("other"));
    assertLost(shown.replay(), 3, 3);
  }

  @Test
  void aLineThatIsThereTwiceIsNotInItsPlace() throws Exception {
    threeCommitsThenTwoNotForced();
    List<String> lines = folder.lines(0);
    folder.overwrite(0, lines.getLast(), lines.get(lines.size() - 2));
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.seqs()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(shown.replay().tornTail().lines()).isEqualTo(1);
  }

  @Test
  void aSegmentThatIsMissingBehindATornTailIsDamageAllTheSame() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 4", "LINE 4");
    folder.named.add(new Segment(99, 2048));
    JournalFolder.Shown shown = folder.replay();
    assertThat(shown.replay().tornTail().lines()).isEqualTo(2);
    assertLost(shown.replay(), 4, Damage.UNKNOWN);
  }

  @Test
  void goodLinesAboveTheMarkAreCopiedIntoTheNewSegment() throws Exception {
    threeCommitsThenTwoNotForced();
    assertThat(folder.replay().replay().tailLines()).isEqualTo(2);
    List<String> tail = folder.replay().lines().subList(3, 5);
    folder.kill(folder.start(SMALL));
    List<String> made = folder.lines(1);
    assertThat(made).hasSize(4).containsSequence(tail).first().asString().contains("\"from\":4,");
    assertThat(made.getLast()).contains(",\"durable\":5,\"at\"");
    assertThat(folder.replay().replay()).isEqualTo(new Replay(5, 0, null, List.of()));
  }

  @Test
  void aLongTailGetsALongSegment() throws Exception {
    JournalOptions wide = new JournalOptions(1 << 16, 512, 1, SMALL.idleBeforeMark());
    Journal journal = folder.start(wide);
    for (long seq = 1; seq <= 200; seq++) {
      append(journal, seq);
    }
    journal.awaitDurable(200);
    folder.kill(journal);
    try (Journal next = folder.start(SMALL)) {
      assertThat(next.hasRoom()).isTrue();
      commit(next, 201, 201);
    }
    assertThat(folder.replay().replay()).isEqualTo(new Replay(201, 0, null, List.of()));
  }

  @Test
  void blankSegmentsAndLeftoversAreToldApartAndLeftoversRemoved() throws Exception {
    folder.start(SMALL).close();
    Files.createFile(folder.path.resolve("0000000077.jsonl.tmp"));
    Files.createFile(folder.path.resolve("0000000042.jsonl"));
    Files.createFile(folder.path.resolve("notes.txt"));
    JournalReader reader = folder.read(0);
    assertThat(reader.blank())
        .containsExactlyElementsOf(folder.named.subList(1, folder.named.size()));
    assertThat(reader.leftovers()).hasSize(2);
    folder.start(SMALL).close();
    assertThat(folder.path.resolve("notes.txt")).exists();
    assertThat(folder.path.resolve("0000000042.jsonl")).doesNotExist();
    assertThat(folder.named).extracting(Segment::number).contains(78L);
  }

  @Test
  void aJournalThatWasNotReplayedIsNotStarted() throws Exception {
    JournalReader reader = folder.read(0);
    assertThatIllegalStateException()
        .isThrownBy(() -> Journal.start(reader, SMALL, InstantSource.system(), folder));
  }

  /** Commits 1 to 3 each forced, then 4 and 5 together: the last mark that a line says is 3. */
  private void threeCommitsThenTwoNotForced() throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 3);
    append(journal, 4);
    append(journal, 5);
    journal.awaitDurable(5);
    folder.kill(journal);
    assertThat(folder.read(0).durable()).isEqualTo(3);
  }

  /** Commits 1 to 3; 4 torn and 5 dropped with it; in the next life, others as 4 to 6. */
  private void twoDroppedThenThreeOthers() throws Exception {
    threeCommitsThenTwoNotForced();
    folder.overwrite(0, "line 4", "LINE 4");
    try (Journal journal = folder.start(SMALL)) {
      append(journal, 4, "other 4");
      append(journal, 5, "other 5");
      append(journal, 6, "other 6");
    }
  }

  private static void assertLost(Replay replay, long from, long to) {
    assertThat(replay.damages()).hasSize(1);
    assertThat(replay.damages().getFirst().fromSeq()).isEqualTo(from);
    assertThat(replay.damages().getFirst().toSeq()).isEqualTo(to);
  }
}
