package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import dev.torpor.disk.WriteFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that have to wait until others are written: in memory, and in a file what is more than
 * that. The file is never forced; after a crash nobody wants it. Not thread-safe.
 */
final class Spill implements LineSink, Closeable {

  private static final int MEMORY = 1 << 20;

  private final Disk disk;
  private final Path path;
  private final LineBuilder memory = new LineBuilder(4 << 10);
  private @Nullable WriteFile file;
  private long fileSize;

  Spill(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    memory.raw(bytes, offset, length);
    if (memory.size() >= MEMORY) {
      WriteFile open = file;
      if (open == null) {
        open = disk.create(path);
        file = open;
      }
      open.write(memory.bytes(), 0, memory.size());
      fileSize += memory.size();
      memory.clear();
    }
  }

  /** Hands on all that was written. */
  void copyTo(LineSink out) throws IOException {
    if (fileSize > 0) {
      byte[] buffer = new byte[64 << 10];
      try (ReadFile read = disk.openToRead(path)) {
        for (long at = 0; at < fileSize; ) {
          int length = read.read(at, buffer, 0, buffer.length);
          if (length < 0) {
            throw new IOException(path + " ends at byte " + at + " of " + fileSize);
          }
          out.write(buffer, 0, length);
          at += length;
        }
      }
    }
    out.write(memory.bytes(), 0, memory.size());
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      disk.delete(path);
    }
  }
}
