package dev.torpor.store.file.pack;

import java.util.HexFormat;
import java.util.zip.CRC32C;

/** CRC32C (RFC 3720, appendix B.4), as a number and as eight lower-case hexadecimal digits. */
final class Checksum {

  private static final byte[] DIGITS = Format.ascii("0123456789abcdef");

  private Checksum() {}

  static int of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  static String text(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  static void put(byte[] bytes, int offset, int checksum) {
    for (int i = 7, rest = checksum; i >= 0; i--, rest >>>= 4) {
      bytes[offset + i] = DIGITS[rest & 15];
    }
  }

  /** Tells whether the digits at a place are those of a checksum. */
  static boolean isAt(byte[] bytes, int offset, int checksum) {
    for (int i = 7, rest = checksum; i >= 0; i--, rest >>>= 4) {
      if (bytes[offset + i] != DIGITS[rest & 15]) {
        return false;
      }
    }
    return true;
  }
}
