package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Clears away, at a start, what an earlier life left in the folders of packs. */
record Clearing(Disk disk, Path folder, List<String> removed) {

  /** Names the packs that were made anew, and puts the damaged ones into quarantine. */
  void replace(Manifests manifests, PackFolder packFolder, PackMender packs) throws IOException {
    if (packs.replaced().isEmpty()) {
      return;
    }
    var _ = manifests.update(manifest -> manifest.with(manifest.segments(), packs.live()));
    for (Quarantine.Replaced pack : packs.replaced()) {
      new Quarantine(disk, folder).take(packFolder, pack);
    }
  }

  /** Makes the folders, and removes what no manifest names. */
  void removePacks(PackFolder packFolder, List<PackDescription> live) throws IOException {
    disk.createFolders(folder.resolve("packs"));
    disk.createFolders(folder.resolve("mirror"));
    for (Path file : packFolder.leftovers(live)) {
      disk.delete(file);
      removed.add(folder.relativize(file).toString());
    }
  }
}
