package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Clears away, at a start, what an earlier life left in the folders of packs. */
record Clearing(Disk disk, Path folder, List<String> removed) {

  /** Names the packs that were made anew, and puts the damaged ones into quarantine. */
  void replace(Manifests manifests, PackFolder packFolder, PackLoader packs) throws IOException {
    if (packs.replaced().isEmpty()) {
      return;
    }
    manifests.pack(packs.live(), 0);
    Path quarantine = folder.resolve("quarantine");
    disk.createFolders(quarantine);
    for (PackDescription pack : packs.replaced()) {
      for (Copy copy : Copy.values()) {
        Path file = packFolder.file(pack.number(), copy);
        if (disk.exists(file)) {
          disk.rename(file, quarantine.resolve(file.getFileName()));
        }
      }
    }
    disk.forceFolder(quarantine);
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
