package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.RecoveryReport.Range;
import dev.torpor.store.file.Quarantine.Replaced;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDamage;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.Salvage;
import dev.torpor.store.file.pack.UnopenedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads all of the live packs and their twins, and makes a new pair of each that is damaged: of its
 * good copy, or of what is good in either. Their manifest and what becomes of the old files are the
 * caller's. Not thread-safe.
 */
final class PackSalvage {
  private final PackFolder folder;
  private final List<PackDescription> live = new ArrayList<>();
  private final List<Replaced> replaced = new ArrayList<>();
  private final List<PackDamage> lost = new ArrayList<>();
  private final List<Range> commits = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private long nextNumber;

  /**
   * @param nextNumber for packs that have to be made; no file has it or a higher one
   */
  PackSalvage(PackFolder folder, long nextNumber) {
    this.folder = folder;
    this.nextNumber = nextNumber;
  }

  /** Looks at the next newer one. */
  void look(PackDescription pack) throws IOException {
    boolean isGood = isGood(pack, Copy.PACK);
    boolean twinIsGood = isGood(pack, Copy.TWIN);
    if (isGood && twinIsGood) {
      live.add(pack);
    } else if (isGood || twinIsGood) {
      Copy good = isGood ? Copy.PACK : Copy.TWIN;
      live.add(folder.heal(pack, good, nextNumber++, _ -> {}));
      replaced.add(new Replaced(pack, Set.of(good.other())));
      tell(pack, good.other(), "it is not what was written", true);
    } else {
      salvage(pack);
    }
  }

  private boolean isGood(PackDescription pack, Copy copy) throws UnopenedException {
    try {
      return folder.isAsDescribed(pack, copy, _ -> {});
    } catch (UnopenedException e) {
      throw e; // it may be good
    } catch (IOException e) {
      return false; // what cannot be read is worth no more than what is wrong
    }
  }

  private void salvage(PackDescription pack) throws IOException {
    Salvage saved = folder.salvage(pack, nextNumber++, Checkpoints.FILTERED, _ -> {});
    live.add(saved.description());
    replaced.add(new Replaced(pack, Set.of(Copy.values())));
    lost.addAll(saved.lost());
    if (!saved.lost().isEmpty()) {
      commits.add(new Range(pack.from() + 1, pack.to()));
    }
    tell(
        pack,
        Copy.PACK,
        "it and its twin are damaged; %d of %d entries are saved"
            .formatted(saved.description().entries(), pack.entries()),
        saved.lost().isEmpty());
    for (PackDamage range : saved.lost()) {
      tell(pack, Copy.PACK, range.toString(), false);
    }
  }

  private void tell(PackDescription pack, Copy copy, String what, boolean healed) {
    damages.add(new Damage(Told.name(folder.file(pack.number(), copy)), null, what, healed));
  }

  /** The packs that are to count now, the oldest first. */
  List<PackDescription> live() {
    return live;
  }

  /** Those that were damaged. */
  List<Replaced> replaced() {
    return replaced;
  }

  /** Between which keys entries are lost. */
  List<PackDamage> lost() {
    return lost;
  }

  /** Which commits wrote what is lost, and other things. */
  List<Range> commits() {
    return commits;
  }

  List<Damage> damages() {
    return damages;
  }

  long nextNumber() {
    return nextNumber;
  }
}
