package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a pack and its twin side by side, and gives both their names when both are whole: the twin
 * first, so that a pack that has its name has a twin. A crash before leaves temporary files, a
 * crash between leaves a twin that nothing names. Not thread-safe.
 */
final class PairWriter implements LineSink, Closeable {

  /**
   * The disk writes while lines are still being made; and whoever else forces a file, as the
   * journal does all the time, has no more than this before it.
   */
  private static final long FORCED_AT_ONCE = 32 << 20;

  private final StoringFile pack;
  private final StoringFile twin;
  private final TwinFrames frames;
  private boolean published;

  /** Bytes of the pack that were written since it was forced. */
  private long notForced;

  private final byte[] frame = new byte[Format.FRAME];
  private int filled;
  private long position;

  PairWriter(Disk disk, PackFiles files) throws IOException {
    for (Path file : List.of(files.pack(), files.twin())) {
      if (disk.exists(file)) {
        throw new IOException(file + " is there already; a number is never used twice");
      }
    }
    pack = new StoringFile(disk, files.pack());
    try {
      twin = new StoringFile(disk, files.twin());
    } catch (IOException e) {
      discard(pack, e);
      throw e;
    }
    frames = new TwinFrames(twin);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    position += length;
    for (int at = offset, left = length; left > 0; ) {
      if (filled == frame.length) {
        store();
      }
      int part = Math.min(left, frame.length - filled);
      System.arraycopy(bytes, at, frame, filled, part);
      filled += part;
      at += part;
      left -= part;
    }
  }

  /** Returns how many bytes were written. */
  long position() {
    return position;
  }

  private void store() throws IOException {
    pack.write(frame, 0, filled);
    frames.write(frame, filled);
    notForced += filled;
    filled = 0;
    if (notForced >= FORCED_AT_ONCE) {
      pack.force();
      notForced = 0;
    }
  }

  /** Writes what is left; then it is known what is stored. */
  void finish() throws IOException {
    if (filled > 0) {
      store();
    }
  }

  /** Makes both files durable under their names. After a failure, only {@link #close} is left. */
  void publish() throws IOException {
    twin.force();
    pack.force();
    twin.close();
    pack.close();
    twin.publish();
    pack.publish();
    published = true;
  }

  StoredFile storedPack() {
    return pack.stored();
  }

  StoredFile storedTwin() {
    return twin.stored();
  }

  /** Removes the temporary files, unless they were published. */
  @Override
  public void close() throws IOException {
    frames.close();
    if (!published) {
      IOException failure = new IOException("leftovers of a pack stay until the next start");
      discard(twin, failure);
      discard(pack, failure);
      if (failure.getSuppressed().length > 0) {
        throw failure;
      }
    }
  }

  private static void discard(StoringFile file, IOException failure) {
    try {
      file.discard();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
