package dev.torpor.store.file.pack;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The names that a pack's number gives to files.
 *
 * @param pack the pack
 * @param twin the same bytes, compressed
 */
record PackFiles(Path pack, Path twin) {

  /** What stands behind a file's name until it is whole and forced. */
  static final String TEMPORARY = ".tmp";

  static PackFiles of(Path packs, Path mirror, long number) {
    if (number < 0 || number > 9_999_999_999L) {
      throw new IllegalArgumentException("no number of a pack: " + number);
    }
    String name = String.format(Locale.ROOT, "%010d.jsonl", number);
    return new PackFiles(packs.resolve(name), mirror.resolve(name + ".zst"));
  }

  private static final Pattern NAMES =
      Pattern.compile("[0-9]{10}[.]jsonl([.]zst|[.]index|[.]filter)?([.]tmp)?");

  /** Tells whether a file has a name that this room gives. */
  static boolean isOne(Path file) {
    return NAMES.matcher(file.getFileName().toString()).matches();
  }

  static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY);
  }

  /** Where the index, or the filter, waits for the last entry to be written. */
  Path spill(String what) {
    return pack.resolveSibling(pack.getFileName() + "." + what + TEMPORARY);
  }
}
