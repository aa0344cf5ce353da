package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.commit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdleMarkTest {

  @Test
  void anIdleJournalSaysOnceWhatIsDurable(@TempDir Path path) throws Exception {
    JournalFolder folder = new JournalFolder(Disk.real(), path.resolve("journal"));
    JournalOptions options = new JournalOptions(2048, 512, 1, Duration.ofMillis(5));
    try (Journal journal = folder.start(options)) {
      for (long seq = 1; seq <= 3; seq++) {
        long last = seq;
        commit(journal, last, last);
        await().until(() -> marks(folder).contains(last));
      }
    }
    assertThat(marks(folder)).containsExactly(0L, 1L, 2L, 3L);
    assertThat(folder.read(0).durable()).isEqualTo(3);
  }

  private static List<Long> marks(JournalFolder folder) throws Exception {
    return folder.lines(0).stream()
        .filter(line -> line.startsWith("\"durable\":", 18))
        .map(line -> Long.parseLong(line.substring(28, line.indexOf(',', 28))))
        .toList();
  }
}
