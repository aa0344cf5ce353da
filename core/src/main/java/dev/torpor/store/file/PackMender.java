package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.file.Quarantine.Replaced;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at the live packs before they are used: whether they and their twins are there, as long as
 * they were made, and can be opened. One that is not is made anew from its twin, and the other way
 * round, under a new number; its manifest and what becomes of its files are the caller's.
 */
final class PackMender {
  private final PackFolder folder;
  private final List<PackDescription> live = new ArrayList<>();
  private final List<Replaced> replaced = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private long nextNumber;

  /**
   * @param nextNumber for packs that have to be made; no file has it or a higher one
   */
  PackMender(PackFolder folder, long nextNumber) {
    this.folder = folder;
    this.nextNumber = nextNumber;
  }

  /**
   * Looks at the next newer one. A pack that is good counts even if its twin cannot be made anew.
   *
   * @throws PackDamagedException when it and its twin are damaged
   */
  void look(PackDescription pack) throws IOException {
    try {
      folder.open(pack).close();
    } catch (PackDamagedException e) {
      live.add(pack);
      mend(e);
      return;
    }
    if (folder.hasTwin(pack)) {
      live.add(pack);
    } else {
      healTwin(pack);
    }
  }

  /**
   * Makes a pack anew that was found damaged.
   *
   * @throws PackDamagedException when its twin is, too
   */
  void mend(PackDamagedException damage) throws IOException {
    long number = PackFolder.numberOf(damage.damage().file()).orElse(0);
    for (PackDescription pack : List.copyOf(live)) {
      if (pack.number() == number) {
        PackDescription healed = folder.heal(pack, Copy.TWIN, nextNumber++, _ -> {});
        live.set(live.indexOf(pack), healed);
        replaced.add(new Replaced(pack, Set.of(Copy.PACK)));
        tell(pack, Copy.PACK, String.valueOf(damage.getMessage()), true);
        return;
      }
    }
    throw damage;
  }

  private void healTwin(PackDescription pack) {
    String what = "it is missing, or not as long as it was made";
    try {
      live.add(folder.heal(pack, Copy.PACK, nextNumber++, _ -> {}));
      replaced.add(new Replaced(pack, Set.of(Copy.TWIN)));
      tell(pack, Copy.TWIN, what, true);
    } catch (IOException e) {
      live.add(pack);
      tell(pack, Copy.TWIN, what + ", and cannot be made anew: " + e.getMessage(), false);
    }
  }

  private void tell(PackDescription pack, Copy copy, String what, boolean healed) {
    Path file = folder.file(pack.number(), copy);
    String name = (copy == Copy.PACK ? "packs/" : "mirror/") + file.getFileName();
    damages.add(new Damage(name, null, what, healed));
  }

  /** The packs that count now. */
  List<PackDescription> live() {
    return List.copyOf(live);
  }

  /** {@link #live()}, as who reads them wants it. */
  Supplier<List<PackDescription>> named() {
    List<PackDescription> packs = live();
    return () -> packs;
  }

  /** Those that were damaged. */
  List<Replaced> replaced() {
    return replaced;
  }

  List<Damage> damages() {
    return damages;
  }

  long nextNumber() {
    return nextNumber;
  }
}
