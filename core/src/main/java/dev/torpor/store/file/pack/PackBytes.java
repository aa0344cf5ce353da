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
  public int next() throws BadLineException {
    position += length;
    length = 0;
    try {
      int read = stored.next(window, 0, window.length);
      length = Math.max(read, 0);
      return read;
    } catch (IOException e) {
      throw new BadLineException("it cannot be read: " + e.getMessage());
    }
  }

  @Override
  public boolean skip() {
    boolean goesOn = stored.skip(window.length) > 0;
    position = stored.position();
    return goesOn;
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
