package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.Documents;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Heals all that has a second copy, at once and not at the scrub's leisure, and checks everything
 * behind it.
 */
final class Repair {
  /** A repair takes its checkpoints itself. */
  private static final PackOptions OPTIONS = PackOptions.every(Duration.ofDays(1));

  private Repair() {}

  /**
   * Repairs a folder that nobody serves: reads everything, makes good or names what is damaged,
   * opens it, and lets the scrub look for the rest.
   *
   * @param fromDocuments whether documents may take the place of a store that is lost
   */
  static RepairReport ofFolder(
      Disk disk,
      Path folder,
      StateSerializer serializer,
      StateValidator validator,
      Clock clock,
      CheckProgress progress,
      boolean fromDocuments) {
    if (!fromDocuments || !Documents.areIn(disk, folder)) {
      FolderVerification.requireState(disk, folder);
    }
    DocumentOptions documents = Documents.areIn(disk, folder) ? DocumentOptions.DEFAULT : null;
    Opening opening =
        new Opening(
            disk, folder, serializer, validator, clock, JournalOptions.DEFAULT, OPTIONS, documents);
    try (FileStore store = fromDocuments ? opening.runFromDocuments() : opening.runSalvaging()) {
      return store.repair(validator, progress, store.recovery().damaged());
    }
  }

  /**
   * Repairs a store that is open.
   *
   * @param documents null where none are kept
   * @param known what its opening found, where this is a part of that; else empty
   */
  static RepairReport ofStore(
      FileStore.Recovered store,
      Upkeep upkeep,
      @Nullable Documents documents,
      StateValidator validator,
      CheckProgress progress,
      List<Damage> known)
      throws IOException {
    long began = System.nanoTime();
    List<Damage> damaged = new ArrayList<>();
    for (Damage damage : known) {
      boolean isHealed = damage.healed() || isSuperseded(damage);
      damaged.add(
          new Damage(
              damage.file(),
              damage.agent(),
              damage.versions(),
              damage.sequenceNumbers(),
              damage.what(),
              isHealed));
    }
    upkeep.tidyJournal(known);
    damaged.addAll(upkeep.scrubNow(progress));
    if (documents != null) {
      documents.complete();
    }
    var after = new OpenVerification(store, documents, validator, progress).run();
    return new RepairReport(damaged, List.of(), after, Duration.ofNanos(System.nanoTime() - began));
  }

  /** Whether a checkpoint makes good what is damaged: a part of the journal that lost no commit. */
  private static boolean isSuperseded(Damage damage) {
    return damage.file().startsWith("journal/")
        && damage.agent() == null
        && damage.sequenceNumbers() == null;
  }
}
