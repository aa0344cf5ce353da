package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The folders of packs and twins: writes, opens, verifies and heals them. Which of them count, the
 * caller knows: it has their descriptions. Thread-safe, as long as no number is used twice.
 *
 * <p>Every method throws an {@link IOException} where a file cannot be read or written at all.
 */
public final class PackFolder {

  private static final LineSink NOWHERE = (bytes, offset, length) -> {};

  private final Disk disk;
  private final Path packs;
  private final Path mirror;
  private final String store;

  /**
   * Takes two folders, which must be there when something is written.
   *
   * @param packs the packs'
   * @param mirror their twins'
   * @param store the store's id; packs of another store are damage
   */
  public PackFolder(Disk disk, Path packs, Path mirror, String store) {
    this.disk = disk;
    this.packs = packs;
    this.mirror = mirror;
    this.store = store;
  }

  /**
   * Writes a pack and its twin, in bounded memory, and makes both durable.
   *
   * @param number never used before; at most ten digits
   * @param from the entries' sequence numbers are above this
   * @param to and not above this
   * @param filtered how keys begin of which absence is asked often; the pack says it itself, so
   *     that a reader with another opinion cannot take an entry for missing
   * @throws IllegalArgumentException if entries are not in order or not of this range. Then, and
   *     after any other failure, nothing has the final names, or what has them is whole and nobody
   *     names it.
   */
  public PackDescription write(
      long number, long from, long to, List<String> filtered, EntryCursor entries)
      throws IOException {
    Header header = new Header(store, from, to, filtered);
    try (PackWriter writer = new PackWriter(disk, files(number), number, header)) {
      return writer.write(entries);
    }
  }

  /**
   * Opens a pack: reads its footer and the upper level of its index.
   *
   * @throws PackDamagedException if the file is missing, of another size, another pack, cannot be
   *     read, or one of these lines is bad
   * @throws UnopenedException if it cannot be opened for a reason that says nothing of the file
   * @throws NewerFormatException if a newer program wrote it
   */
  public Pack open(PackDescription description) throws IOException {
    Path path = files(description.number()).pack();
    ReadFile file;
    try {
      file = opened(path);
    } catch (NoSuchFileException e) {
      throw new PackDamagedException(new PackDamage(path, 0, null, null, "the file is missing"));
    } catch (UnopenedException e) {
      throw e;
    } catch (IOException e) {
      String what = "it cannot be opened: " + e.getMessage();
      throw new PackDamagedException(new PackDamage(path, 0, null, null, what));
    }
    try {
      return Pack.open(path, file, store, description);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Reads all of a pack or a twin, and compares it with its description: every line, the order of
   * the entries, what index, filter and footer have to be, size and checksum of the file, and of a
   * twin, that it holds the bytes of the pack.
   *
   * @param progress told again and again how many of the file's bytes are done; may take its time,
   *     or throw to end it
   * @return what is wrong, in the file's order; empty if it is good
   */
  public List<PackDamage> verify(PackDescription description, Copy copy, LongConsumer progress)
      throws IOException {
    StoredFile expected = copy == Copy.PACK ? description.pack() : description.twin();
    ContentSum content = new ContentSum();
    try (Inspection inspection = inspect(description, copy, content, progress)) {
      List<PackDamage> damages = inspection.damages();
      if (!damages.isEmpty()) {
        return damages;
      }
      StoredFile stored = inspection.stored();
      Path file = file(description.number(), copy);
      if (!stored.equals(expected)) {
        String what = "%s instead of %s".formatted(stored, expected);
        return List.of(new PackDamage(file, 0, null, null, what));
      }
      return isOne(description.pack(), content.stored())
          ? List.of()
          : List.of(new PackDamage(file, 0, null, null, "it holds another pack"));
    }
  }

  /**
   * Reads all bytes of a pack or a twin, and compares them with its description: enough to find any
   * damage, and little work beside the reading. What is wrong, {@link #verify} says.
   *
   * @param progress as in {@link #verify}
   * @throws UnopenedException as in {@link #open}
   */
  public boolean isAsDescribed(PackDescription description, Copy copy, LongConsumer progress)
      throws IOException {
    StoredFile expected = copy == Copy.PACK ? description.pack() : description.twin();
    try (ReadFile file = opened(file(description.number(), copy))) {
      StoredBytes bytes = new StoredBytes(file);
      byte[] buffer = new byte[256 << 10];
      long position = 0;
      for (int n = bytes.next(buffer, 0, buffer.length);
          n > 0;
          n = bytes.next(buffer, 0, buffer.length)) {
        position += n;
        progress.accept(position);
      }
      return bytes.finish().equals(expected);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Makes a new pair from one good file of a pair, with the same bytes.
   *
   * @param damaged names the pair; its files are left as they are
   * @param good which of them is good
   * @param number the new pair's
   * @throws PackDamagedException if that one is damaged too; the new pair is not made then
   */
  public PackDescription heal(
      PackDescription damaged, Copy good, long number, LongConsumer progress) throws IOException {
    try (PairWriter out = new PairWriter(disk, files(number));
        Inspection inspection = inspect(damaged, good, out, progress)) {
      requireGood(inspection.damages());
      out.finish();
      if (!isOne(damaged.pack(), out.storedPack())) {
        Path file = file(damaged.number(), good);
        throw new PackDamagedException(new PackDamage(file, 0, null, null, "another pack"));
      }
      out.publish();
      return inspection.description(number, out.storedPack(), out.storedTwin());
    }
  }

  /**
   * Makes a new pair of all entries that are good in either file of a pair. Meant for one both of
   * whose files are damaged, each in another place or even in the same.
   *
   * @param damaged names the pair; its files are left as they are
   * @param number the new pair's
   * @param filtered as in {@link #write}
   * @param progress told of one file, then of the other
   */
  public Salvage salvage(
      PackDescription damaged, long number, List<String> filtered, LongConsumer progress)
      throws IOException {
    try (Inspection pack = inspect(damaged, Copy.PACK, NOWHERE, progress);
        Inspection twin = inspect(damaged, Copy.TWIN, NOWHERE, progress)) {
      EntryCursor entries = new GoodEntries(pack, twin);
      PackDescription saved = write(number, damaged.from(), damaged.to(), filtered, entries);
      return new Salvage(
          saved,
          saved.entries() == damaged.entries()
              ? List.of()
              : GoodEntries.damagedInBoth(pack.damages(), twin.damages()));
    }
  }

  /**
   * Describes a pair that no manifest describes, by reading all of it. A copy that is not good is
   * described as empty, so that it will be found damaged, and healed.
   *
   * @throws PackDamagedException if neither is good
   */
  public PackDescription describe(long number, LongConsumer progress) throws IOException {
    PackDescription pack = describe(number, Copy.PACK, progress);
    PackDescription twin = describe(number, Copy.TWIN, progress);
    PackDescription good = pack == null ? twin : pack;
    if (good == null) {
      throw new PackDamagedException(
          new PackDamage(
              file(number, Copy.PACK), 0, null, null, "neither it nor its twin is good"));
    }
    return new PackDescription(
        number,
        good.from(),
        good.to(),
        good.entries(),
        good.removals(),
        pack == null ? StoredFile.NONE : pack.pack(),
        twin == null ? StoredFile.NONE : twin.twin());
  }

  /** Tells whose a pack is, as its first line or its twin's says; null where neither does. */
  public static @Nullable String store(Disk disk, Path packs, Path mirror, long number)
      throws IOException {
    for (Copy copy : Copy.values()) {
      try (Contents contents = Contents.open(disk, PackFiles.of(packs, mirror, number), copy)) {
        int length = contents.next();
        int end = length < 0 ? -1 : LineFeed.find(contents.bytes(), 0, length);
        if (end > 0) {
          return Header.read(new LineParser().begin(contents.bytes(), 0, end)).store();
        }
      } catch (BadLineException e) {
        // The other one may say it.
      }
    }
    return null;
  }

  /**
   * Describes a pair by one of its files, as if the other were the same; null if it is not good.
   */
  private @Nullable PackDescription describe(long number, Copy copy, LongConsumer progress)
      throws IOException {
    try (Inspection inspection =
        new Inspection(disk, files(number), copy, store, null, NOWHERE, progress)) {
      if (!inspection.damages().isEmpty()) {
        return null;
      }
      StoredFile stored = inspection.stored();
      return inspection.description(number, stored, stored);
    }
  }

  /**
   * Lists the files of packs and twins, whole or temporary, that no description names: what is left
   * of a crash, or replaced.
   */
  public List<Path> leftovers(Collection<PackDescription> live) throws IOException {
    Set<Path> named = new HashSet<>();
    for (PackDescription description : live) {
      named.add(files(description.number()).pack());
      named.add(files(description.number()).twin());
    }
    List<Path> leftovers = new ArrayList<>();
    for (Path folder : List.of(packs, mirror)) {
      for (Path file : disk.list(folder)) {
        if (PackFiles.isOne(file) && !named.contains(file)) {
          leftovers.add(file);
        }
      }
    }
    return leftovers;
  }

  /** Returns the number in the name of a file of these folders; empty if it is none. */
  public static OptionalLong numberOf(Path file) {
    return PackFiles.isOne(file)
        ? OptionalLong.of(Long.parseLong(file.getFileName().toString().substring(0, 10)))
        : OptionalLong.empty();
  }

  /** Tells whether a pack's twin is there, as long as it was made; nothing of it is read. */
  public boolean hasTwin(PackDescription description) throws IOException {
    Path twin = files(description.number()).twin();
    return disk.exists(twin) && disk.size(twin) == description.twin().size();
  }

  /** Returns one of the files of a pair. */
  public Path file(long number, Copy copy) {
    return Contents.file(files(number), copy);
  }

  private ReadFile opened(Path path) throws IOException {
    try {
      return disk.openToRead(path);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw String.valueOf(e.getMessage()).contains("Input/output error")
          ? e
          : new UnopenedException(e);
    }
  }

  private Inspection inspect(
      PackDescription described, Copy which, LineSink copy, LongConsumer progress)
      throws IOException {
    PackFiles files = files(described.number());
    return new Inspection(disk, files, which, store, described, copy, progress);
  }

  /** Tells whether a file is as described, or its description was lost. */
  private static boolean isOne(StoredFile described, StoredFile stored) {
    return described.equals(StoredFile.NONE) || described.equals(stored);
  }

  private static void requireGood(List<PackDamage> damages) throws PackDamagedException {
    if (!damages.isEmpty()) {
      throw new PackDamagedException(damages.getFirst());
    }
  }

  private PackFiles files(long number) {
    return PackFiles.of(packs, mirror, number);
  }
}
