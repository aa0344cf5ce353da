package dev.torpor.store.file.pack;

/**
 * A file as it is stored.
 *
 * @param size its length in bytes
 * @param crc the CRC32C of all its bytes, eight lower-case hexadecimal digits
 */
public record StoredFile(long size, String crc) {

  /** Stands for a file that is missing or bad: no good one is empty. */
  static final StoredFile NONE = new StoredFile(0, "00000000");
}
