package dev.torpor.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A folder's lock by the system's file lock.
 *
 * <p>POSIX gives such a lock to the process, and takes it away when the process closes <i>any</i>
 * handle of the file. So a second attempt within the process must be refused before it opens the
 * file: this class keeps its own table of what the process holds.
 */
final class RealFolderLock implements FolderLock {

  /** Far behind the text: on Windows a locked byte cannot be read by others. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final int HOLDER_LIMIT = 4096;

  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  /**
   * Handles of files that this process has locked under another name: closing one would give that
   * lock away, so they stay open until the process ends.
   */
  private static final Queue<RandomAccessFile> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

  private final Path key;
  private final RandomAccessFile file;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RealFolderLock(Path key, RandomAccessFile file) {
    this.key = key;
    this.file = file;
  }

  static FolderLock take(Path path, byte[] holder) throws IOException {
    Path key = realPath(path);
    @Nullable String here = HELD.putIfAbsent(key, new String(holder, UTF_8));
    if (here != null) {
      throw new FolderLockedException(path, here);
    }
    boolean taken = false;
    try {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      boolean canBeClosed = true;
      try {
        try {
          if (!tryLock(file)) {
            throw new FolderLockedException(path, holderIn(file));
          }
        } catch (OverlappingFileLockException heldByThisProcess) {
          canBeClosed = false; // a name that the table does not know: a link, a folder that moved
          NEVER_CLOSED.add(file);
          throw new FolderLockedException(path, holderIn(file));
        }
        file.setLength(0);
        file.write(holder); // not forced: when the power is gone, so is the holder
        taken = true;
        return new RealFolderLock(key, file);
      } finally {
        if (!taken && canBeClosed) {
          file.close();
        }
      }
    } finally {
      if (!taken) {
        HELD.remove(key);
      }
    }
  }

  /** Two spellings of a folder must lead to one entry in the table. */
  private static Path realPath(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    return absolute.resolveSibling(".").toRealPath().resolve(absolute.getFileName());
  }

  private static boolean tryLock(RandomAccessFile file) throws IOException {
    boolean interrupted = Thread.interrupted(); // with the flag up, the channel would close itself
    try {
      return file.getChannel().tryLock(LOCKED_BYTE, 1, false) != null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String holderIn(RandomAccessFile file) throws IOException {
    byte[] text = new byte[(int) Math.min(file.length(), HOLDER_LIMIT)];
    file.readFully(text);
    return new String(text, UTF_8).strip();
  }

  @Override
  public synchronized void rewrite(byte[] holder) throws IOException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    HELD.put(key, new String(holder, UTF_8));
    file.seek(0);
    file.write(holder); // one write: who reads meanwhile sees the old text or the new one
    file.setLength(holder.length);
  }

  @Override
  public synchronized void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try (file) {
      file.setLength(0);
    } finally {
      HELD.remove(key);
    }
  }
}
