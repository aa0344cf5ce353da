package dev.torpor.store.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines of bytes, each at most so long. Not thread-safe. */
final class LineInput {
  /** A line of the journal has at most 8 MiB, and no entry needs more than a few of them. */
  private static final int MAX_LINE_BYTES = 64 << 20;

  private final InputStream in;
  private final byte[] read = new byte[1 << 16];
  private int next;
  private int filled;
  private byte[] line = new byte[1 << 12];
  private int length;

  LineInput(InputStream in) {
    this.in = in;
  }

  /**
   * Reads the next line, which {@link #bytes} and {@link #length} then have, without its line feed.
   *
   * @return whether there was one, with its line feed; false at the end
   * @throws BadExportException when the last line has no line feed, or one is too long
   */
  boolean next() throws IOException {
    length = 0;
    while (true) {
      if (next == filled && !fill()) {
        if (length > 0) {
          throw new BadExportException("it is torn in the middle of a line");
        }
        return false;
      }
      int end = next;
      while (end < filled && read[end] != '\n') {
        end++;
      }
      append(end);
      if (end < filled) {
        next = end + 1;
        return true;
      }
      next = end;
    }
  }

  private boolean fill() throws IOException {
    next = 0;
    filled = 0;
    int count = in.read(read);
    filled = Math.max(0, count);
    return count > 0;
  }

  private void append(int end) throws IOException {
    int more = end - next;
    if (length + more > MAX_LINE_BYTES) {
      throw new BadExportException("a line has more than " + MAX_LINE_BYTES + " bytes");
    }
    if (length + more > line.length) {
      line = Arrays.copyOf(line, Math.max(2 * line.length, length + more));
    }
    System.arraycopy(read, next, line, length, more);
    length += more;
  }

  /** The bytes of the line, good until the next one is read. */
  byte[] bytes() {
    return line;
  }

  int length() {
    return length;
  }
}
