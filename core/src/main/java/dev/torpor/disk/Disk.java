package dev.torpor.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files and folders, as much of them as Torpor needs.
 *
 * <p>Thread-safe; the open files it hands out say for themselves whether they are. Arguments and
 * results are never null. Each operation passes on the {@link IOException} of the system below,
 * among them {@link java.nio.file.NoSuchFileException} where a file that must be there is not.
 */
public interface Disk {

  /** Returns the disk of this machine. */
  static Disk real() {
    return RealDisk.INSTANCE;
  }

  /**
   * Tells whether a failure means that the disk, or a quota on it, is full. Such a failure can go
   * away; no other one is worth a second try.
   */
  static boolean isFull(IOException failure) {
    return FullDisk.isSaidBy(failure.getMessage());
  }

  /** Makes a folder and what is missing above it, and forces each new name into its parent. */
  void createFolders(Path folder) throws IOException;

  /** Lists what is directly in a folder, sorted by name; each path begins with {@code folder}. */
  List<Path> list(Path folder) throws IOException;

  /** Tells whether there is a file or folder by this name. */
  boolean exists(Path path);

  /** Returns a file's length in bytes. */
  long size(Path file) throws IOException;

  /**
   * Reads a whole small file.
   *
   * @param limit most bytes to accept
   * @throws IOException also when the file is longer than the limit
   */
  byte[] readAll(Path file, int limit) throws IOException;

  /** Opens a file to read from anywhere in it. */
  ReadFile openToRead(Path file) throws IOException;

  /** Creates a file, or empties the one that has the name, to be written from its beginning. */
  WriteFile create(Path file) throws IOException;

  /** Opens a file to be written on from its end, and creates it if there is none. */
  WriteFile append(Path file) throws IOException;

  /**
   * Opens an existing file to be overwritten anywhere, each write durable when it returns. Meant
   * for files that have their full length already: growing one makes each force dearer.
   */
  DurableFile openDurable(Path file) throws IOException;

  /**
   * Gives a file another name in the same file system, atomically, replacing what had that name.
   */
  void rename(Path from, Path to) throws IOException;

  /** Makes the names in a folder durable: those given, changed and removed since the last time. */
  void forceFolder(Path folder) throws IOException;

  /** Removes a file or an empty folder; nothing happens if it is not there. */
  void delete(Path path) throws IOException;

  /**
   * Takes the exclusive lock of a folder: at most one holder at a time, over all processes of the
   * machine. The system lets go of it when the process ends, however it ends.
   *
   * <p>The lock file stays for ever: removing it would let two holders in, one on the old file and
   * one on the new. Nothing else may open it, since closing any handle of it in the holder's
   * process would give the lock away; what is in it comes with {@link
   * FolderLockedException#holder()}.
   *
   * @param file the lock file, created if missing
   * @param holder what others are to read while the lock is held, UTF-8
   * @throws FolderLockedException if another process, or this one, holds it
   */
  FolderLock lock(Path file, byte[] holder) throws IOException;
}
