package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.StoreException;
import dev.torpor.store.file.journal.Segment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest and its backup on disk: read first, and written by nobody before {@link #settle()},
 * so that an opening that is refused has changed nothing. Thread-safe.
 */
final class Manifests {
  private static final String MAIN = "metadata.json";
  private static final String BACKUP = "metadata.backup.json";
  private static final Pattern GENERATION = Pattern.compile("\"generation\":(\\d{1,15}),");
  private static final int LARGEST = 64 << 20;

  private final Disk disk;
  private final Path folder;
  private final Path main;
  private final Path backup;
  private final List<Damage> damages = new ArrayList<>();
  private Manifest current;

  /** Whether the backup holds what counts, and the main one not yet. */
  private boolean mainIsBehind;

  /** Whether there is no manifest yet, since there is no store yet. */
  private final boolean isNew;

  /** Why a file could not be read, though it is there. */
  private final Map<Path, IOException> unreadable = new HashMap<>();

  /** What was read of each; null when it is not there, cannot be read, or a byte of it changed. */
  private final @Nullable Manifest mainAsRead;

  private final @Nullable Manifest backupAsRead;

  private Manifests(Disk disk, Path folder, boolean stateExists) throws IOException {
    this.disk = disk;
    this.folder = folder;
    this.main = folder.resolve(MAIN);
    this.backup = folder.resolve(BACKUP);
    byte[] mainBytes = read(main);
    byte[] backupBytes = read(backup);
    this.mainAsRead = decoded(main, mainBytes);
    this.backupAsRead =
        Arrays.equals(mainBytes, backupBytes) ? mainAsRead : decoded(backup, backupBytes);
    Manifest newest = newer(mainAsRead, backupAsRead);
    this.isNew = newest == null;
    if (newest == null) {
      for (IOException e : unreadable.values()) {
        throw e; // it may be good, so nothing is to be made in its place
      }
      checkFormatSaid(main);
      checkFormatSaid(backup);
      if (disk.exists(main) || disk.exists(backup) || stateExists) {
        throw new StoreException(
            StoreException.Reason.DAMAGED,
            "%s and its backup are damaged or missing; nothing was changed".formatted(main));
      }
      this.current = Manifest.first(UUID.randomUUID().toString()).with(List.of());
    } else {
      this.current = newest;
      tellDamage();
    }
  }

  private Manifests(Disk disk, Path folder, Manifest current) {
    this.disk = disk;
    this.folder = folder;
    this.main = folder.resolve(MAIN);
    this.backup = folder.resolve(BACKUP);
    this.mainAsRead = null;
    this.backupAsRead = null;
    this.isNew = true;
    this.current = current;
  }

  /**
   * Writes both anew where both are lost, durably.
   *
   * @param folder the state folder's {@code system}
   * @param quarantine gets what is there instead
   */
  static void rewrite(Disk disk, Path folder, Manifest manifest, Quarantine quarantine)
      throws IOException {
    Manifests manifests = new Manifests(disk, folder, manifest);
    quarantine.keep(manifests.main);
    quarantine.keep(manifests.backup);
    manifests.settle();
  }

  /** Has a folder without a manifest be one that lost it, and not a new one. */
  static void forbidNew(Disk disk, Path folder) throws IOException {
    Path main = folder.resolve(MAIN);
    if (!disk.exists(main) && !disk.exists(folder.resolve(BACKUP))) {
      try (WriteFile nothing = disk.create(main)) {
        nothing.force();
      }
      disk.forceFolder(folder);
    }
  }

  /** The highest generation that what is left of both says, whether it is true or not; or 0. */
  static long generationSaid(Disk disk, Path folder) throws IOException {
    long highest = 0;
    for (String name : List.of(MAIN, BACKUP)) {
      Path file = folder.resolve(name);
      if (disk.exists(file)) {
        Matcher said =
            GENERATION.matcher(new String(disk.readAll(file, LARGEST), StandardCharsets.US_ASCII));
        highest = Math.max(highest, said.find() ? Long.parseLong(said.group(1)) : 0);
      }
    }
    return highest;
  }

  /**
   * Reads the newer good one of the two, or thinks of the first of a new store; changes nothing.
   *
   * @param folder the state folder's {@code system}
   * @param stateExists whether the folder holds a journal or packs, so that a missing manifest is a
   *     loss
   * @throws StoreException {@code DAMAGED} when neither is good, {@code UNUSABLE} when either is of
   *     another format
   * @throws IOException when one cannot be read at all, and the other is not good
   */
  static Manifests read(Disk disk, Path folder, boolean stateExists) throws IOException {
    return new Manifests(disk, folder, stateExists);
  }

  /** Whether there is none yet, since there is no store yet. */
  boolean isNew() {
    return isNew;
  }

  private static @Nullable Manifest decoded(Path file, byte @Nullable [] bytes) {
    return bytes == null ? null : Manifest.decoded(file, bytes);
  }

  private byte @Nullable [] read(Path file) throws IOException {
    try {
      return disk.readAll(file, LARGEST);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      if (disk.size(file) > LARGEST) {
        throw e; // somebody wrote more than this program ever does
      }
      unreadable.put(file, e);
      return null;
    }
  }

  private void checkFormatSaid(Path file) throws IOException {
    if (disk.exists(file)) {
      Manifest.checkFormatSaid(file, disk.readAll(file, LARGEST));
    }
  }

  private static @Nullable Manifest newer(@Nullable Manifest first, @Nullable Manifest second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return first.generation() > second.generation() ? first : second;
  }

  /**
   * No crash makes a file bad, or takes away one that was there. The very first main manifest alone
   * may not be there yet, since the backup comes before it.
   */
  private void tellDamage() {
    if (mainAsRead == null && (disk.exists(main) || current.generation() > 1)) {
      tell(main);
    }
    if (backupAsRead == null) {
      tell(backup);
    }
  }

  private void tell(Path file) {
    IOException unread = unreadable.get(file);
    String what =
        unread != null
            ? "it cannot be read: " + unread.getMessage()
            : disk.exists(file) ? "its checksum is wrong" : "it is missing";
    damages.add(new Damage("system/" + file.getFileName(), null, what, true));
  }

  /** Makes both hold what counts, durably: heals the one that does not, or makes the first two. */
  synchronized void settle() throws IOException {
    disk.createFolders(folder);
    if (isNew) {
      write(current);
      return;
    }
    if (current != backupAsRead && !current.equals(backupAsRead)) { // mostly both are one
      replace(backup, current.encoded());
    }
    if (current != mainAsRead && !current.equals(mainAsRead)) {
      writeMain();
    }
  }

  /** What {@link #settle()} heals. */
  List<Damage> damages() {
    return damages;
  }

  synchronized Manifest current() {
    return current;
  }

  /** Names one segment more, durably. */
  void add(Segment segment) throws IOException {
    add(segment, List.of());
  }

  /** Names one segment more, and others no more, durably. */
  synchronized void add(Segment segment, List<Segment> gone) throws IOException {
    if (!current.segments().contains(segment)) {
      List<Segment> segments = new ArrayList<>(current.segments());
      segments.removeAll(gone);
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

  /**
   * Reads both again, and writes anew what is not as it was written.
   *
   * @param quarantine gets what was there instead
   * @return what was damaged
   */
  synchronized List<Damage> heal(Quarantine quarantine) throws IOException {
    List<Damage> found = new ArrayList<>();
    for (Damage damage : damagedNow()) {
      Path file = folder.resolveSibling(damage.file());
      quarantine.keep(file);
      replace(file, current.encoded());
      found.add(new Damage(damage.file(), null, damage.what(), true));
    }
    return found;
  }

  /** Reads both again; gives what is not as it was written. */
  synchronized List<Damage> damagedNow() {
    List<Damage> found = new ArrayList<>();
    for (Path file : List.of(backup, main)) {
      String what = file.equals(main) && mainIsBehind ? null : wrong(file);
      if (what != null) {
        found.add(new Damage("system/" + file.getFileName(), null, what, false));
      }
    }
    return found;
  }

  private @Nullable String wrong(Path file) {
    try {
      return Arrays.equals(disk.readAll(file, LARGEST), current.encoded())
          ? null
          : "it is not what was written";
    } catch (NoSuchFileException e) {
      return "it is missing";
    } catch (IOException e) {
      return "it cannot be read: " + e.getMessage();
    }
  }

  /**
   * Makes something else count, durably.
   *
   * @param change of what counts when it is this one's turn
   * @return what counted before
   */
  synchronized Manifest update(UnaryOperator<Manifest> change) throws IOException {
    Manifest before = current;
    write(change.apply(before));
    return before;
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
