package dev.torpor.store.file.journal;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the journal, as the manifest names it.
 *
 * @param number its number, from 1; higher ones were made later
 * @param size the length in bytes that it was made with, and keeps
 */
public record Segment(long number, long size) {

  private static final String TEMPORARY = ".tmp";

  private static final Pattern FILE_NAME = Pattern.compile("(\\d{10})\\.jsonl(\\.tmp)?");

  /** Checks the two numbers. */
  public Segment {
    if (number < 1 || number > 9_999_999_999L || size < 1) {
      throw new IllegalArgumentException("no segment: number " + number + ", size " + size);
    }
  }

  /** Returns where the segment is, in a journal's folder. */
  public Path file(Path folder) {
    return folder.resolve(String.format(Locale.ROOT, "%010d.jsonl", number));
  }

  /** Returns where the segment is until it is complete. */
  Path temporaryFile(Path folder) {
    Path file = file(folder);
    return file.resolveSibling(file.getFileName() + TEMPORARY);
  }

  /** Returns the number in a segment's file name, temporary or not; empty if it is not such. */
  public static OptionalLong numberIn(Path file) {
    Matcher name = FILE_NAME.matcher(file.getFileName().toString());
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }
}
