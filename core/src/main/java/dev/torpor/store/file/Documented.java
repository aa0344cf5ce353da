package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.LossyFold.Lost;
import dev.torpor.store.file.document.DocumentReader;
import dev.torpor.store.file.document.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What documents know of lost versions. They show only what was durable: so one that shows a
 * version of a lost commit names the agent whose it was, though nothing else says so any more. It
 * is damaged then, and its documents stay as they are; it would go on and give that version to
 * another change, which they would then show.
 *
 * @param folder the state folder
 * @param store the store's id
 */
record Documented(Disk disk, Path folder, StateSerializer serializer, String store) {

  /**
   * Adds whom they know of to those who lost something, and to those the versions that they know.
   *
   * @param known what entries know
   * @param gone commits of which something is lost
   */
  void name(Map<String, Lost> lost, KnownVersions known, List<Range> gone) throws IOException {
    String theirs = Documents.storeOf(disk, folder);
    if (theirs != null && !theirs.equals(store)) {
      return;
    }
    DocumentReader reader = new DocumentReader(disk, folder, serializer);
    for (String agent : reader.agents()) {
      StateMetadata shown = reader.metadata(agent);
      if (shown != null) {
        name(lost, agent, shown, known.last(agent), gone);
      }
    }
  }

  private static void name(
      Map<String, Lost> lost, String agent, StateMetadata shown, long has, List<Range> gone) {
    long version = shown.version();
    Lost loss = lost.get(agent);
    if (loss != null) {
      lost.put(agent, loss.seen(version));
    } else if (version > has && gone.stream().anyMatch(range -> has(range, shown.seq()))) {
      String what =
          "its documents show version %d, and all else %d at most".formatted(version, has);
      lost.put(agent, new Lost(agent, new Range(has + 1, version), version, what));
    }
  }

  private static boolean has(Range range, long seq) {
    Long to = range.to();
    return seq >= range.from() && (to == null || seq <= to);
  }
}
