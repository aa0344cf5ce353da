package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.file.journal.Damage;
import java.nio.file.Path;

/** What rooms below say of damage, as it is told outside. */
final class Told {
  private Told() {}

  /** A file by its folder's name and its own, which is its name in the state folder. */
  static String name(Path file) {
    return file.getName(file.getNameCount() - 2) + "/" + file.getFileName();
  }

  /** Commits whose place between packs no pack has. */
  static RecoveryReport.Damage gap(Range lost) {
    String what = "no good pack has what commits " + lost + " wrote";
    return new RecoveryReport.Damage("packs", null, null, lost, what, false);
  }

  static RecoveryReport.Damage of(Damage damage) {
    Long to = damage.toSeq() == Damage.UNKNOWN ? null : damage.toSeq();
    Range lost = damage.losesCommits() ? new Range(damage.fromSeq(), to) : null;
    String what =
        "%s at byte %d; %s"
            .formatted(
                damage.what(),
                damage.position(),
                lost == null ? "no commit is lost" : "commits " + lost + " are lost");
    return new RecoveryReport.Damage(name(damage.file()), null, null, lost, what, false);
  }
}
