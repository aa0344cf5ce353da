package dev.torpor.store.file.pack;

import static java.util.Objects.requireNonNull;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** A file that is written under a temporary name, and knows what it holds. Not thread-safe. */
final class StoringFile implements Closeable {

  private final Disk disk;
  private final Path name;
  private final Path temporary;
  private final WriteFile file;
  private final CRC32C crc = new CRC32C();
  private long size;

  StoringFile(Disk disk, Path name) throws IOException {
    this.disk = disk;
    this.name = name;
    temporary = PackFiles.temporary(name);
    file = disk.create(temporary);
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    crc.update(bytes, offset, length);
    size += length;
    file.write(bytes, offset, length);
  }

  void force() throws IOException {
    file.force();
  }

  /** Gives the file its name, durably; it must have been forced and closed. */
  void publish() throws IOException {
    disk.rename(temporary, name);
    disk.forceFolder(requireNonNull(name.getParent()));
  }

  StoredFile stored() {
    return new StoredFile(size, Checksum.text(crc));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Removes what was not published. */
  void discard() throws IOException {
    close();
    disk.delete(temporary);
  }
}
