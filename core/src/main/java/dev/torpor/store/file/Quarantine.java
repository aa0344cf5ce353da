package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.disk.WriteFile;
import dev.torpor.store.file.pack.Copy;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where damaged files are put: nothing is deleted that somebody may want to look at. A file keeps
 * its name and its folder's; a second one of that name gets a number behind it.
 *
 * @param folder the state folder
 */
record Quarantine(Disk disk, Path folder) {
  /** A name with a number behind it; none of a file ends so by itself. */
  private static final Pattern NUMBERED = Pattern.compile("(.*\\.(?:jsonl|json|zst))\\.\\d+");

  /** Puts both files of a pack there, as far as they are there, which no manifest names. */
  void take(PackFolder packs, long number) throws IOException {
    for (Copy copy : Copy.values()) {
      Path file = packs.file(number, copy);
      if (disk.exists(file)) {
        take(file);
      }
    }
  }

  /** Puts what is damaged of a pack there, which no manifest names any more; removes the rest. */
  void take(PackFolder packs, Replaced pack) throws IOException {
    for (Copy copy : Copy.values()) {
      Path file = packs.file(pack.pack().number(), copy);
      if (!pack.damaged().contains(copy)) {
        disk.delete(file);
      } else if (disk.exists(file)) {
        take(file);
      }
    }
  }

  /**
   * A pack in whose place there is another one now.
   *
   * @param damaged which of its files were not good
   */
  record Replaced(PackDescription pack, Set<Copy> damaged) {}

  /** Puts a file there, which nothing needs any more. */
  void take(Path file) throws IOException {
    Path place = place(file);
    disk.rename(file, place);
    disk.forceFolder(parent(place));
  }

  /** Puts a copy of a file there, as far as it can be read; durable when this returns. */
  void keep(Path file) throws IOException {
    if (!disk.exists(file)) {
      return;
    }
    ReadFile opened;
    try {
      opened = disk.openToRead(file);
    } catch (IOException e) {
      return; // nothing of it can be read
    }
    Path place = place(file);
    byte[] buffer = new byte[256 << 10];
    try (ReadFile in = opened;
        WriteFile out = disk.create(place)) {
      long position = 0;
      for (int n = read(in, 0, buffer); n > 0; n = read(in, position, buffer)) {
        out.write(buffer, 0, n);
        position += n;
      }
      out.force();
    }
    disk.forceFolder(parent(place));
  }

  /** Where it cannot be read, it ends. */
  private static int read(ReadFile in, long position, byte[] buffer) {
    try {
      return in.read(position, buffer, 0, buffer.length);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Where a file is to be put; the folder is there when this returns. */
  Path place(Path file) throws IOException {
    Path kept = folder.resolve("quarantine").resolve(parent(file).getFileName());
    disk.createFolders(kept);
    Path place = kept.resolve(file.getFileName());
    for (int i = 2; disk.exists(place); i++) {
      place = kept.resolve(file.getFileName() + "." + i);
    }
    return place;
  }

  /** The name that a file had before it was put there. */
  static String nameBefore(Path file) {
    return NUMBERED.matcher(file.getFileName().toString()).replaceFirst("$1");
  }

  /** The folder that a file is in. */
  static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is in no folder");
    }
    return parent;
  }
}
