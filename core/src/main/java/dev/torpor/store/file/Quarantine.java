package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where damaged files are put: nothing is deleted that somebody may want to look at.
 *
 * @param folder the state folder
 */
record Quarantine(Disk disk, Path folder) {

  /** Puts both files of a pack there, which no manifest names any more. */
  void take(PackFolder packs, PackDescription pack) throws IOException {
    Path quarantine = folder.resolve("quarantine");
    disk.createFolders(quarantine);
    for (Copy copy : Copy.values()) {
      Path file = packs.file(pack.number(), copy);
      if (disk.exists(file)) {
        disk.rename(file, quarantine.resolve(file.getFileName()));
      }
    }
    disk.forceFolder(quarantine);
  }
}
