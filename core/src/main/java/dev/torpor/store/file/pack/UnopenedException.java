package dev.torpor.store.file.pack;

import java.io.IOException;

/**
 * A file could not be opened, and nothing says that it is damaged: too many files are open, or it
 * may not be read. Another time it may be good.
 */
public final class UnopenedException extends IOException {

  private static final long serialVersionUID = 1L;

  UnopenedException(IOException why) {
    super("it cannot be opened: " + why.getMessage(), why);
  }
}
