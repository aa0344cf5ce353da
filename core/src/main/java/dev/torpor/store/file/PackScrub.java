package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDamage;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.util.List;

/**
 * Reads the live packs and their twins. One that is damaged, or cannot be read, is made anew from
 * the other. Merges go on meanwhile: a pack that counts no more when its damage is found is none.
 */
record PackScrub(PackFolder folder, Manifests manifests, Merges merges) implements Scrub.Subject {

  @Override
  public long size() {
    return manifests.current().packs().stream()
        .mapToLong(pack -> pack.pack().size() + pack.twin().size())
        .sum();
  }

  @Override
  public void scrub(Scrub.Reading reading) {
    for (PackDescription pack : manifests.current().packs()) {
      for (Copy copy : Copy.values()) {
        if (counts(pack)) {
          scrub(pack, copy, reading);
        }
      }
    }
  }

  private boolean counts(PackDescription pack) {
    return manifests.current().packs().contains(pack);
  }

  private void scrub(PackDescription pack, Copy copy, Scrub.Reading reading) {
    String what;
    try {
      if (folder.isAsDescribed(pack, copy, reading.file())) {
        return;
      }
      List<PackDamage> damages = folder.verify(pack, copy, reading.hurried());
      if (damages.isEmpty()) {
        return; // it was read wrongly, and now is read as it was written
      }
      what = "at byte %d: %s".formatted(damages.getFirst().position(), damages.getFirst().what());
    } catch (IOException e) {
      what = "it cannot be read: " + e.getMessage();
    }
    if (counts(pack)) {
      heal(pack, copy, what, reading);
    }
  }

  private void heal(PackDescription pack, Copy copy, String what, Scrub.Reading reading) {
    String name = Told.name(folder.file(pack.number(), copy));
    try {
      if (merges.heal(pack, copy.other())) {
        reading.found(new Damage(name, null, what, true));
      }
    } catch (PackDamagedException e) {
      String both = what + "; and its other copy: " + e.getMessage();
      reading.found(new Damage(name, null, both, false));
    } catch (IOException e) {
      String why = what + "; and cannot be made anew now: " + e.getMessage();
      reading.found(new Damage(name, null, why, false));
    }
  }
}
