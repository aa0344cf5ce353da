package dev.torpor.store.file.pack;

import dev.torpor.disk.ReadFile;
import java.io.IOException;

/** Reads a pack as it is, as {@link Contents}. */
final class PackBytes implements Contents {

  private final ReadFile file;
  private final StoredBytes stored;
  private final byte[] window = new byte[256 << 10];
  private long position;
  private int length;

  PackBytes(ReadFile file) {
    this.file = file;
    stored = new StoredBytes(file);
  }

  @Override
  public int next() throws IOException {
    position += length;
    int read = stored.next(window, 0, window.length);
    length = Math.max(read, 0);
    return read;
  }

  @Override
  public boolean skip() {
    return false; // what is read is always told
  }

  @Override
  public byte[] bytes() {
    return window;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long storedPosition(long packPosition) {
    return packPosition;
  }

  @Override
  public StoredFile stored() throws IOException {
    return stored.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
