package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** The numbers and words that {@code package-info} specifies. */
final class Format {

  static final int VERSION = 1;

  /** Most bytes of a block that has more than one line. */
  static final int BLOCK = 16 << 10;

  /** A part ends with the block in which its index line comes to this many bytes... */
  static final int INDEX_LINE = 4 << 10;

  /** ...or its filter to this many keys. */
  static final int FILTER_KEYS = 4096;

  static final int FILTER_BITS_PER_KEY = 10;

  /** Added to that, so that small filters are no worse than large ones. */
  static final int FILTER_BITS_MORE = 240;

  static final int FILTER_HASHES = 7;

  /** What one frame of a twin holds: compressing it takes a few tenths of a millisecond. */
  static final int FRAME = 1 << 17;

  /** What one frame may hold, at most. */
  static final int LARGEST_FRAME = 1 << 20;

  /**
   * Most bytes of a line, its line feed included: several times what one commit can put, since what
   * several put can come together in one value.
   */
  static final int LINE_LIMIT = 32 << 20;

  /** Most bytes of a key. */
  static final int KEY_LIMIT = 4096;

  /** Most bytes of the footer, so that one small read at the file's end has it. */
  static final int FOOTER_LIMIT = 8192;

  /** Most characters of the store's id and the beginnings of filtered keys: an eighth of that. */
  static final int HEADER_TEXT_LIMIT = FOOTER_LIMIT / 8;

  /** How a line begins; the digits are replaced by those of its checksum. */
  static final byte[] CHECKSUM = ascii("{\"crc\":\"00000000\",");

  /** Where in a line its checksum's digits are. */
  static final int CHECKSUM_START = 8;

  /** Where begins what the checksum covers. */
  static final int COVERED_START = CHECKSUM.length;

  private Format() {}

  static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
