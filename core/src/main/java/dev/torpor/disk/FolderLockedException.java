package dev.torpor.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else holds the lock of a folder. */
public final class FolderLockedException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String holder;

  /**
   * Creates it.
   *
   * @param file the lock file
   * @param holder what the holder wrote about itself; empty if it cannot be read
   */
  public FolderLockedException(Path file, String holder) {
    super("%s is held by %s".formatted(file, holder.isEmpty() ? "an unknown process" : holder));
    this.holder = holder;
  }

  /** Returns what the holder wrote about itself; empty if that could not be read. */
  public String holder() {
    return holder;
  }
}
