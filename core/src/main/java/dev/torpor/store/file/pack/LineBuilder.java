package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Builds lines in a growing array, one behind the other. Not thread-safe. */
final class LineBuilder {

  private static final byte[] HEX = Format.ascii("0123456789abcdef");

  private byte[] bytes;
  private int size;
  private int start;

  LineBuilder(int capacity) {
    bytes = new byte[capacity];
  }

  LineBuilder begin() {
    start = size;
    return raw(Format.CHECKSUM, 0, Format.CHECKSUM.length);
  }

  /** Ends the line, and puts its checksum in. */
  LineBuilder end() {
    ascii("}\n");
    int covered = start + Format.COVERED_START;
    int checksum = Checksum.of(bytes, covered, size - 1 - covered);
    Checksum.put(bytes, start + Format.CHECKSUM_START, checksum);
    return this;
  }

  LineBuilder ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  /** Adds a number that is not negative. */
  LineBuilder number(long number) {
    reserve(19);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  LineBuilder text(String text) {
    return text(text.getBytes(UTF_8));
  }

  /** Adds a JSON string, with no more escapes than JSON demands. */
  LineBuilder text(byte[] utf8) {
    int escapes = escapes(utf8);
    reserve(utf8.length + 2 + 5 * escapes);
    bytes[size++] = '"';
    if (escapes == 0) {
      raw(utf8, 0, utf8.length);
    } else {
      escaped(utf8);
    }
    bytes[size++] = '"';
    return this;
  }

  private void escaped(byte[] utf8) {
    for (byte b : utf8) {
      if (b >= 0 && b < ' ') {
        ascii("\\u00");
        bytes[size++] = HEX[b >> 4];
        bytes[size++] = HEX[b & 15];
      } else {
        if (b == '"' || b == '\\') {
          bytes[size++] = '\\';
        }
        bytes[size++] = b;
      }
    }
  }

  private static int escapes(byte[] utf8) {
    int count = 0;
    for (byte b : utf8) {
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        count++;
      }
    }
    return count;
  }

  LineBuilder raw(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    return this;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  private void reserve(int length) {
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
    }
  }
}
