package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;

/** A folder of packs, and what tests say to it. */
final class TestPacks {

  static final String STORE = "5f1c";
  static final List<String> FILTERED = List.of("~id/", "~key/");

  /** The order of keys. */
  static final Comparator<String> BY_BYTES =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  final Path path;
  final PackFolder folder;

  TestPacks(Path path) throws IOException {
    this(Disk.real(), path);
  }

  TestPacks(Disk disk, Path path) throws IOException {
    this.path = path;
    Files.createDirectories(path.resolve("packs"));
    Files.createDirectories(path.resolve("mirror"));
    folder = new PackFolder(disk, path.resolve("packs"), path.resolve("mirror"), STORE);
  }

  PackDescription write(long number, Collection<PackEntry> entries) throws IOException {
    return folder.write(number, 0, 1_000_000, FILTERED, cursor(entries));
  }

  PackDescription write(long number, PackEntry... entries) throws IOException {
    return write(number, List.of(entries));
  }

  static EntryCursor cursor(Collection<PackEntry> entries) {
    Iterator<PackEntry> iterator = entries.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }

  static List<PackEntry> all(EntryCursor cursor) throws IOException {
    List<PackEntry> entries = new ArrayList<>();
    for (PackEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      entries.add(entry);
    }
    return entries;
  }

  static PackEntry put(String key, int seq, String value) {
    return PackEntry.put(key, 1, seq, ("\"" + value + "\"").getBytes(UTF_8));
  }

  static String text(PackEntry entry) {
    String value = new String(entry.value(), UTF_8);
    return value.substring(1, value.length() - 1);
  }

  List<PackDamage> verify(PackDescription description, Copy copy) throws IOException {
    return folder.verify(description, copy, done -> {});
  }

  /** Entries that make several parts, blocks and filters, in some kilobytes. */
  static List<PackEntry> entriesOfSeveralParts() {
    List<PackEntry> entries = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String key = "agent-%02d/".formatted(i);
      if (i % 10 == 3) {
        entries.add(PackEntry.removePrefix(key, 0, 5));
      }
      entries.add(put(key + "x".repeat(900), 7, "y".repeat(9000)));
      if (i % 5 == 2) {
        entries.add(PackEntry.remove(key + "z", 0, 5));
      }
    }
    for (int i = 0; i < 30; i++) {
      entries.add(put("~id/agent-%02d".formatted(i), 7, "agent"));
    }
    return entries;
  }
}
