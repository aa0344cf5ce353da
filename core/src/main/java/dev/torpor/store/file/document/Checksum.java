package dev.torpor.store.file.document;

import java.util.HexFormat;
import java.util.zip.CRC32C;

/** CRC32C as eight lower-case hexadecimal digits. */
final class Checksum {
  static final int DIGITS = 8;

  private Checksum() {}

  static String of(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return text(crc);
  }

  static String text(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
