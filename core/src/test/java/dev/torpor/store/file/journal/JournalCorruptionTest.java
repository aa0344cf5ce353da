package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every byte of a small journal, changed and cut off in turn. */
class JournalCorruptionTest {

  private static final long LAST = 5;

  private JournalFolder folder;
  private Path file;
  private byte[] whole;
  private List<String> lines;

  /** One segment: a header, a mark, commits 1 to 3 each forced, then 4 and 5 together. */
  @BeforeEach
  void makeJournal(@TempDir Path path) throws Exception {
    folder = new JournalFolder(Disk.real(), path.resolve("journal"));
    Journal journal = folder.start(new JournalOptions(1024, 256, 1, Duration.ofHours(1)));
    commit(journal, 1, 3);
    append(journal, 4);
    append(journal, LAST);
    journal.awaitDurable(LAST);
    folder.kill(journal);
    folder.named.subList(1, folder.named.size()).clear();
    file = folder.file(folder.named.getFirst());
    whole = Files.readAllBytes(file);
    lines = folder.replay().lines();
  }

  @Test
  void aChangedByteIsAlwaysFoundAndNothingBelowTheMarkIsSilentlyLost() throws Exception {
    for (int at = 0; at < whole.length; at++) {
      for (byte changed : new byte[] {(byte) (whole[at] ^ 1), '\n'}) {
        if (changed != whole[at]) {
          byte[] bytes = whole.clone();
          bytes[at] = changed;
          Replay replay = assertHonest(bytes, at % 2 == 0 ? 0 : 3);
          assertThat(!replay.damages().isEmpty() || replay.tornTail() != null)
              .as("byte %d changed to %d is reported", at, changed)
              .isTrue();
        }
      }
    }
  }

  @Test
  void aCutOffSegmentIsDamageAtEveryLength() throws Exception {
    for (int length = 0; length < whole.length; length++) {
      Replay replay = assertHonest(Arrays.copyOf(whole, length), 0);
      assertThat(replay.damages()).as("cut off at %d", length).isNotEmpty();
      assertThat(replay.damages().getLast().toSeq()).isEqualTo(Damage.UNKNOWN);
      assertThat(replay.tornTail()).as("no crash does that").isNull();
    }
  }

  @Test
  void aWriteThatCameOnlyInPartIsATornTailAboveTheMarkAndDamageBelow() throws Exception {
    for (int from = 0; from < whole.length; from++) {
      byte[] bytes = whole.clone();
      Arrays.fill(bytes, from, bytes.length, (byte) '\n');
      Replay replay = assertHonest(bytes, 3);
      boolean reachesIntoDurable =
          from < new String(whole, UTF_8).indexOf("line 3") + "line 3\"]}".length();
      assertThat(replay.damages().stream().anyMatch(Damage::losesCommits))
          .as("torn at %d", from)
          .isEqualTo(reachesIntoDurable);
    }
  }

  /**
   * What is shown is what was written; what is not is named as damage, or above the mark and torn.
   */
  private Replay assertHonest(byte[] bytes, long knownDurable) throws Exception {
    Files.write(file, bytes);
    JournalReader reader = folder.read(knownDurable);
    JournalFolder.Shown shown = JournalFolder.replay(reader, 1);
    Replay replay = shown.replay();
    for (int i = 0; i < shown.seqs().size(); i++) {
      assertThat(shown.lines().get(i)).isEqualTo(lines.get((int) (shown.seqs().get(i) - 1)));
    }
    assertThat(shown.seqs().stream().distinct().sorted().toList()).isEqualTo(shown.seqs());
    for (long seq = 1; seq <= Math.max(reader.durable(), LAST); seq++) {
      long missing = seq;
      boolean lost =
          replay.damages().stream().anyMatch(d -> d.fromSeq() <= missing && missing <= d.toSeq());
      assertThat(shown.seqs().contains(seq) || lost || seq > reader.durable())
          .as("%d is shown, lost, or above the mark %d: %s", seq, reader.durable(), replay)
          .isTrue();
    }
    return replay;
  }
}
