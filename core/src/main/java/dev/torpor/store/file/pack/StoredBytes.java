package dev.torpor.store.file.pack;

import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.util.zip.CRC32C;

/** A file's bytes in their order, and what they come to. Not thread-safe. */
final class StoredBytes {

  /** What cannot be read ends at the latest where such a part of the file does. */
  private static final int PAGE = 4096;

  /** A disk that gives nothing back any more takes seconds for each. */
  private static final int MOST_SKIPPED = 1000;

  private final ReadFile file;
  private final CRC32C crc = new CRC32C();
  private long position;
  private int skipped;

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

  /**
   * Goes past what cannot be read, as far as the next page; what all of it is comes out wrong then.
   *
   * @return how many bytes, at most so many; 0 at the end, and after very many such places
   */
  int skip(int most) {
    long size;
    try {
      size = file.size();
    } catch (IOException e) {
      return 0;
    }
    long length = Math.min(most, Math.min(PAGE - position % PAGE, size - position));
    if (length <= 0 || ++skipped > MOST_SKIPPED) {
      return 0;
    }
    position += length;
    return (int) length;
  }

  /** Where it reads on. */
  long position() {
    return position;
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
