package dev.torpor.store.file.journal;

import dev.torpor.disk.ReadFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * Goes through a segment's lines, blank ones left out. Holds a window of the file that grows to the
 * longest line. Not thread-safe.
 */
final class LineScanner implements Closeable {

  private static final int WINDOW = 256 << 10;

  /** What is compared at once: a segment is blank for the most part, and a start reads all. */
  private static final byte[] BLANK = new byte[8 << 10];

  static {
    Arrays.fill(BLANK, (byte) '\n');
  }

  private final ReadFile file;

  /** Where the segment ends; what somebody put behind it is not looked at. */
  private final long size;

  private byte[] window;

  /** Where in the file the window begins. */
  private long base;

  /** How much of the window is filled. */
  private int filled;

  private int start;
  private int end;
  private boolean terminated = true;

  LineScanner(ReadFile file, long size) {
    this(file, 0, size);
  }

  /**
   * @param from where a line begins
   * @param size where to end
   */
  LineScanner(ReadFile file, long from, long size) {
    this.file = file;
    this.base = from;
    this.size = size;
    this.window = new byte[(int) Math.max(1, Math.min(WINDOW, size - from))];
  }

  /** Goes to the next line that is not blank; false if there is none. */
  boolean next() throws IOException {
    start = end; // at the line break before, which counts as a blank line
    if (!skipBlank()) {
      return false;
    }
    end = start;
    while (true) {
      while (end < filled && window[end] != '\n') {
        end++;
      }
      if (end < filled) {
        terminated = true;
        return true;
      }
      if (!readMore()) {
        terminated = false;
        return true;
      }
    }
  }

  byte[] bytes() {
    return window;
  }

  /** Returns where in {@link #bytes()} the line begins. */
  int offset() {
    return start;
  }

  /** Returns the line's length, without its line break. */
  int length() {
    return end - start;
  }

  /** Tells whether the line has a line break at its end. */
  boolean isTerminated() {
    return terminated;
  }

  /** Returns where in the file the line begins. */
  long position() {
    return base + start;
  }

  /** Returns where in the file the line ends, its line break included. */
  long endPosition() {
    return base + end + (terminated ? 1 : 0);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private boolean skipBlank() throws IOException {
    while (true) {
      while (start < filled && window[start] == '\n') {
        int length = Math.min(filled - start, BLANK.length);
        int same = Arrays.mismatch(window, start, start + length, BLANK, 0, length);
        start += same < 0 ? length : same;
      }
      if (start < filled) {
        return true;
      }
      end = start;
      if (!readMore()) {
        return false;
      }
    }
  }

  /** Reads on behind the window, having moved what is before the line out of it. */
  private boolean readMore() throws IOException {
    int kept = filled - start;
    System.arraycopy(window, start, window, 0, kept);
    base += start;
    end -= start;
    start = 0;
    filled = kept;
    if (filled == window.length) {
      window = Arrays.copyOf(window, (int) Math.min(2L * window.length, Integer.MAX_VALUE - 8));
    }
    long left = size - base - filled;
    int read =
        left <= 0
            ? -1
            : file.read(
                base + filled, window, filled, (int) Math.min(window.length - filled, left));
    if (read < 0) {
      return false;
    }
    filled += read;
    return true;
  }
}
