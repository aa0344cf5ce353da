package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads a line from its beginning: the checksum first, then what is expected, byte by byte. Lines
 * have one form only, so this is no JSON parser, and much faster than one. Can be used for one line
 * after the other; not thread-safe.
 */
final class LineParser {

  private byte[] bytes = Format.CHECKSUM;
  private int at;
  private int end;

  /** The last {@link #text()}: where it is, and whether it has escapes. */
  private int textStart;

  private int textEnd;
  private boolean escaped;

  /**
   * Begins a line, given without its line feed.
   *
   * @throws BadLineException if its checksum is wrong
   */
  LineParser begin(byte[] source, int offset, int length) throws BadLineException {
    bytes = source;
    at = offset;
    end = offset + length;
    if (length <= Format.COVERED_START || bytes[end - 1] != '}') {
      throw new BadLineException("not a line of a pack");
    }
    for (int i = 0; i < Format.COVERED_START; i++) {
      boolean digit = i >= Format.CHECKSUM_START && i < Format.CHECKSUM_START + 8;
      if (!digit && bytes[offset + i] != Format.CHECKSUM[i]) {
        throw new BadLineException("not a line of a pack");
      }
    }
    at += Format.COVERED_START;
    int checksum = Checksum.of(bytes, at, end - at);
    if (!Checksum.isAt(bytes, offset + Format.CHECKSUM_START, checksum)) {
      throw new BadLineException("a line whose checksum is wrong");
    }
    return this;
  }

  /** Goes past some text if it comes next. */
  boolean skip(byte[] text) {
    boolean next =
        end - at >= text.length && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
    if (next) {
      at += text.length;
    }
    return next;
  }

  LineParser expect(byte[] text) throws BadLineException {
    if (!skip(text)) {
      throw unexpected();
    }
    return this;
  }

  LineParser expect(char c) throws BadLineException {
    if (!skip(c)) {
      throw unexpected();
    }
    return this;
  }

  boolean skip(char c) {
    if (at < end && bytes[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  void expectEnd() throws BadLineException {
    expect('}');
    if (at != end) {
      throw unexpected();
    }
  }

  long number() throws BadLineException {
    int start = at;
    long value = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + (bytes[at++] - '0');
    }
    if (at == start || at - start > 19 || value < 0) {
      throw unexpected();
    }
    return value;
  }

  /** Reads a number that is a length, or small for another reason. */
  int smallNumber() throws BadLineException {
    long number = number();
    if (number > Integer.MAX_VALUE) {
      throw unexpected();
    }
    return (int) number;
  }

  /** Goes past a JSON string, which {@link #textBytes} and {@link #compareText} then look at. */
  LineParser text() throws BadLineException {
    expect('"');
    textStart = at;
    escaped = false;
    while (at < end && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        escaped = true;
        at++;
      }
      at++;
    }
    textEnd = at;
    return expect('"');
  }

  /** Returns the last string's bytes. */
  byte[] textBytes() {
    return escaped ? unescaped() : Arrays.copyOfRange(bytes, textStart, textEnd);
  }

  String textString() {
    return new String(textBytes(), UTF_8);
  }

  /** Compares the last string with another by its bytes. */
  int compareText(byte[] other) {
    return escaped
        ? Arrays.compareUnsigned(unescaped(), other)
        : Arrays.compareUnsigned(bytes, textStart, textEnd, other, 0, other.length);
  }

  /** Returns where in the array the last string begins, as it stands there. */
  int textStart() {
    return textStart;
  }

  int textLength() {
    return textEnd - textStart;
  }

  /** Returns where in the array the parser is. */
  int position() {
    return at;
  }

  BadLineException unexpected() {
    return new BadLineException("a line with other fields than specified");
  }

  private byte[] unescaped() {
    byte[] plain = new byte[textEnd - textStart];
    int length = 0;
    for (int i = textStart; i < textEnd; i++) {
      if (bytes[i] != '\\') {
        plain[length++] = bytes[i];
      } else if (bytes[++i] == 'u' && i + 4 < textEnd) { // four digits: a control character
        plain[length++] =
            (byte) (Character.digit(bytes[i + 3], 16) << 4 | Character.digit(bytes[i + 4], 16));
        i += 4;
      } else {
        plain[length++] = bytes[i];
      }
    }
    return Arrays.copyOf(plain, length);
  }
}
