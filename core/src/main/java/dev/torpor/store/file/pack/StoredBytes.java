package dev.torpor.store.file.pack;

import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.util.zip.CRC32C;

/** A file's bytes in their order, and what they come to. Not thread-safe. */
final class StoredBytes {

  private final ReadFile file;
  private final CRC32C crc = new CRC32C();
  private long position;

  StoredBytes(ReadFile file) {
    this.file = file;
  }

  /** Reads on; returns how many bytes, or -1 at the end. */
  int next(byte[] buffer, int offset, int length) throws IOException {
    int read = file.read(position, buffer, offset, length);
    if (read > 0) {
      crc.update(buffer, offset, read);
      position += read;
    }
    return read;
  }

  /** Reads what is left, and returns what all of it is. */
  StoredFile finish() throws IOException {
    byte[] buffer = new byte[64 << 10];
    while (next(buffer, 0, buffer.length) > 0) {
      // only counted
    }
    return new StoredFile(position, Checksum.text(crc));
  }
}
