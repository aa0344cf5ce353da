package dev.torpor.store.transfer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The checksum at the beginning of a line. */
final class LineSums {
  /** {@code {"crc":"}. */
  private static final byte[] BEGIN = "{\"crc\":\"".getBytes(US_ASCII);

  private static final byte[] END = "\",".getBytes(US_ASCII);

  private static final int DIGITS = 8;

  /** Where the bytes begin that a line's checksum is of. */
  static final int BODY = BEGIN.length + DIGITS + END.length;

  private LineSums() {}

  /** What a line with such a rest begins with. */
  static byte[] head(byte[] bytes, int offset, int length) {
    byte[] head = Arrays.copyOf(BEGIN, BODY);
    CRC32C sum = new CRC32C();
    sum.update(bytes, offset, length);
    byte[] digits = digits(sum).getBytes(US_ASCII);
    System.arraycopy(digits, 0, head, BEGIN.length, DIGITS);
    System.arraycopy(END, 0, head, BEGIN.length + DIGITS, END.length);
    return head;
  }

  static String digits(CRC32C sum) {
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }

  /** Whether a line, without its line feed, is as it was written. */
  static boolean isGood(byte[] bytes, int length) {
    return length > BODY
        && Arrays.equals(bytes, 0, BODY, head(bytes, BODY, length - BODY), 0, BODY);
  }
}
