package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes segments at their full size, so that no force of a commit ever has to write a file's
 * length.
 */
final class SegmentMaker {

  /** Writes what a segment begins with. */
  interface Beginning {

    /** Returns how many bytes it wrote. */
    long writeTo(WriteFile file) throws IOException;
  }

  static final Beginning BLANK = file -> 0;

  private static final byte[] NEWLINES = newlines(256 << 10);

  private final Disk disk;
  private final Path folder;

  SegmentMaker(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /**
   * Makes a segment; whole and durable under its name when this returns, and named by nobody yet.
   */
  void make(Segment segment, Beginning beginning) throws IOException {
    Path temporary = segment.temporaryFile(folder);
    try {
      write(temporary, segment.size(), beginning);
      disk.rename(temporary, segment.file(folder));
    } catch (IOException | RuntimeException failure) {
      removeHalfMade(temporary, failure);
      throw failure;
    }
    disk.forceFolder(folder);
  }

  OpenSegment open(Segment segment) throws IOException {
    return new OpenSegment(segment, disk.openDurable(segment.file(folder)));
  }

  void remove(Segment segment) throws IOException {
    disk.delete(segment.file(folder));
  }

  private void write(Path file, long size, Beginning beginning) throws IOException {
    try (WriteFile out = disk.create(file)) {
      long written = beginning.writeTo(out);
      while (written < size) {
        int length = (int) Math.min(NEWLINES.length, size - written);
        out.write(NEWLINES, 0, length);
        written += length;
      }
      out.force();
    }
  }

  /** On a full disk the half that was made is in the way of others. */
  private void removeHalfMade(Path temporary, Exception failure) {
    try {
      disk.delete(temporary);
    } catch (IOException left) {
      failure.addSuppressed(left); // the next start removes it
    }
  }

  private static byte[] newlines(int length) {
    byte[] newlines = new byte[length];
    Arrays.fill(newlines, (byte) '\n');
    return newlines;
  }
}
