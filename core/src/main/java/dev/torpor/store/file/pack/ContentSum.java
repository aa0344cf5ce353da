package dev.torpor.store.file.pack;

import java.util.zip.CRC32C;

/** What a pack's bytes come to, wherever they were read. Not thread-safe. */
final class ContentSum implements LineSink {

  private final CRC32C crc = new CRC32C();
  private long size;

  @Override
  public void write(byte[] bytes, int offset, int length) {
    crc.update(bytes, offset, length);
    size += length;
  }

  /** Describes the pack that has these bytes. */
  StoredFile stored() {
    return new StoredFile(size, Checksum.text(crc));
  }
}
