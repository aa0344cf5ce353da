package dev.torpor.store.file.journal;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * A growing array of bytes that lines are encoded into, one behind the other. Its {@code write}
 * methods throw no {@link java.io.IOException}. Not thread-safe; a {@link BodyWriter} must not keep
 * it.
 */
public final class LineBuffer extends OutputStream {

  private static final int INITIAL_CAPACITY = 64 << 10;

  /** What a batch of unusual size made larger than this is not kept. */
  private static final int KEPT_CAPACITY = 4 << 20;

  private byte[] bytes = new byte[INITIAL_CAPACITY];
  private int size;

  /** Where the line that is being written has to end. */
  private int end = Integer.MAX_VALUE;

  /** How many bytes of it came after that, and were dropped. */
  private long excess;

  LineBuffer() {}

  @Override
  public void write(int b) {
    if (hasSpaceFor(1)) {
      bytes[size++] = (byte) b;
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    if (hasSpaceFor(length)) {
      System.arraycopy(source, offset, bytes, size, length);
      size += length;
    }
  }

  @Override
  public void write(byte[] source) {
    write(source, 0, source.length);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /**
   * Begins a line that may have {@code limit} bytes. What goes beyond is counted, not kept: thrown
   * from the middle of a JSON generator, an exception might come out as another one, or not at all.
   */
  void beginLine(int limit) {
    end = (int) Math.min((long) size + limit, Integer.MAX_VALUE - 8);
    excess = 0;
  }

  /** Returns how many bytes the line had beyond its limit. */
  long excess() {
    return excess;
  }

  void truncate(int newSize) {
    size = newSize;
    excess = 0;
  }

  /** Makes space before what is there from {@code position} on, and puts {@code source} there. */
  void insert(int position, byte[] source) {
    end = Integer.MAX_VALUE;
    hasSpaceFor(source.length);
    System.arraycopy(bytes, position, bytes, position + source.length, size - position);
    System.arraycopy(source, 0, bytes, position, source.length);
    size += source.length;
  }

  void writeAscii(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      write(text.charAt(i));
    }
  }

  /** Writes a number that is not negative. */
  void writeNumber(long number) {
    long power = 1;
    while (number / power >= 10) {
      power *= 10;
    }
    for (; power > 0; power /= 10) {
      write('0' + (int) (number / power % 10));
    }
  }

  void clear() {
    size = 0;
    if (bytes.length > KEPT_CAPACITY) {
      bytes = new byte[INITIAL_CAPACITY];
    }
  }

  private boolean hasSpaceFor(int length) {
    if (excess > 0 || length > end - size) {
      excess += length;
      return false;
    }
    if (length > bytes.length - size) {
      long doubled = Math.max(2L * bytes.length, (long) size + length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, Integer.MAX_VALUE - 8));
    }
    return true;
  }
}
