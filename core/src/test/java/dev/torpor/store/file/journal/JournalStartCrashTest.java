package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalStartCrashTest {

  @Test
  void aStartThatCrashesAtAnyStepIsFollowedByOneThatHasEverything(@TempDir Path path)
      throws Exception {
    boolean crashed = true;
    int step = 0;
    for (; crashed; step++) {
      JournalFolder folder = new JournalFolder(Disk.real(), path.resolve("journal" + step));
      List<String> before = makeJournalWithTail(folder);
      crashed = startCrashes(folder, step);
      JournalFolder.Shown shown = folder.replay();
      assertThat(shown.lines()).as("crashed at step %d", step).isEqualTo(before);
      assertThat(shown.replay().damages()).isEmpty();
      try (Journal journal = folder.start(SMALL)) {
        assertThat(journal.durable()).isEqualTo(5);
        commit(journal, 6, 8);
      }
      assertThat(folder.replay().replay()).isEqualTo(new Replay(8, 0, null, List.of()));
      assertThat(folder.read(0).leftovers()).isEmpty();
    }
    assertThat(step).as("steps that were tried").isGreaterThan(8);
  }

  /** Leaves commits 1 to 3 marked, 4 and 5 good, a torn line, and a leftover. */
  private static List<String> makeJournalWithTail(JournalFolder folder) throws Exception {
    Journal journal = folder.start(SMALL);
    commit(journal, 1, 3);
    for (long seq = 4; seq <= 6; seq++) {
      append(journal, seq);
    }
    journal.awaitDurable(6);
    folder.kill(journal);
    folder.overwrite(0, "line 6", "LINE 6");
    Files.createFile(folder.path.resolve("0000000009.jsonl.tmp"));
    List<String> lines = folder.replay().lines();
    assertThat(lines).hasSize(5);
    return lines;
  }

  /** Starts on a disk that fails from a step on, the manifest's naming being a step too. */
  private static boolean startCrashes(JournalFolder folder, int crashAt) throws Exception {
    AtomicInteger steps = new AtomicInteger();
    FaultyDisk disk = new FaultyDisk((operation, file) -> step(steps, crashAt));
    JournalFolder faulty = new JournalFolder(disk, folder.path);
    faulty.named.addAll(folder.named);
    SegmentListener manifest =
        segment -> {
          step(steps, crashAt);
          folder.prepared(segment);
        };
    JournalReader reader = faulty.read(0);
    JournalFolder.replay(reader, 1);
    try {
      Journal journal = Journal.start(reader, SMALL, () -> JournalFolder.NOON, manifest);
      disk.setFault((operation, file) -> {});
      steps.set(Integer.MIN_VALUE);
      journal.close();
      return false;
    } catch (IOException crash) {
      return true;
    }
  }

  private static void step(AtomicInteger steps, int crashAt) throws IOException {
    if (steps.getAndIncrement() >= crashAt) {
      throw new IOException("the machine is off");
    }
  }
}
