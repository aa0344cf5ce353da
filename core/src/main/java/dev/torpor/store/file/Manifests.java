package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.journal.Segment;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The manifest and its backup on disk. Thread-safe. */
final class Manifests {
  private static final int LARGEST = 64 << 20;

  private final Disk disk;
  private final Path folder;
  private final Path main;
  private final Path backup;
  private final List<Damage> damages = new ArrayList<>();
  private Manifest current;

  /** Whether the backup holds what counts, and the main one not yet. */
  private boolean mainIsBehind;

  private Manifests(Disk disk, Path folder, boolean journalExists) throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.main = folder.resolve("metadata.json");
    this.backup = folder.resolve("metadata.backup.json");
    this.current = load(journalExists);
  }

  /**
   * Reads the newer good one of the two and makes both like it; makes the first of a new store.
   *
   * @param folder the state folder's {@code system}
   * @param journalExists whether the folder holds a journal, so that a missing manifest is a loss
   */
  static Manifests open(Disk disk, Path folder, boolean journalExists) throws IOException {
    disk.createFolders(folder);
    return new Manifests(disk, folder, journalExists);
  }

  private Manifest load(boolean journalExists) throws IOException {
    boolean any = disk.exists(main) || disk.exists(backup);
    Manifest first = read(main);
    Manifest second = read(backup);
    if (first == null && second == null) {
      if (any || journalExists) {
        throw new StoreException(
            StoreException.Reason.DAMAGED,
            "%s and its backup are damaged or missing; nothing was changed".formatted(main));
      }
      Manifest fresh = Manifest.first(UUID.randomUUID().toString()).with(List.of());
      write(fresh);
      return fresh;
    }
    Manifest newest =
        second == null || (first != null && first.generation() > second.generation())
            ? java.util.Objects.requireNonNull(first)
            : second;
    if (newest.format() > Manifest.FORMAT) {
      throw new StoreException(
          StoreException.Reason.UNUSABLE,
          "%s is of format %d, newer than this Torpor's %d; use a newer Torpor"
              .formatted(folder.getParent(), newest.format(), Manifest.FORMAT));
    }
    heal(first, main, newest);
    heal(second, backup, newest);
    return newest;
  }

  private @Nullable Manifest read(Path file) throws IOException {
    try {
      return Manifest.decoded(disk.readAll(file, LARGEST));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void heal(@Nullable Manifest read, Path file, Manifest newest) throws IOException {
    if (newest.equals(read)) {
      return;
    }
    if (read == null && disk.exists(file)) {
      damages.add(new Damage("system/" + file.getFileName(), null, "its checksum is wrong", true));
    }
    replace(file, newest.encoded());
  }

  List<Damage> damages() {
    return damages;
  }

  synchronized Manifest current() {
    return current;
  }

  /** Names one segment more, durably. */
  synchronized void add(Segment segment) throws IOException {
    if (!current.segments().contains(segment)) {
      List<Segment> segments = new ArrayList<>(current.segments());
      segments.add(segment);
      write(current.with(segments));
    } else if (mainIsBehind) { // the disk was full in between, and has space again
      writeMain();
    }
  }

  /** Names these segments no more, durably. */
  synchronized void remove(List<Segment> gone) throws IOException {
    if (!gone.isEmpty()) {
      List<Segment> segments = new ArrayList<>(current.segments());
      segments.removeAll(gone);
      write(current.with(segments));
    }
  }

  private void write(Manifest manifest) throws IOException {
    byte[] bytes = manifest.encoded();
    replace(backup, bytes); // from here on the new content counts
    current = manifest;
    mainIsBehind = true;
    writeMain();
  }

  private void writeMain() throws IOException {
    replace(main, current.encoded());
    mainIsBehind = false;
  }

  private void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (WriteFile out = disk.create(temporary)) {
      out.write(bytes, 0, bytes.length);
      out.force();
    }
    disk.rename(temporary, file);
    disk.forceFolder(folder);
  }
}
