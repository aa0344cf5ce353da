package dev.torpor.store.file.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A document is not as it was written. The message says which and what is wrong with it. */
public final class DamagedDocumentException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String what;

  DamagedDocumentException(String file, String what, @Nullable Throwable cause) {
    super(file + ": " + what, cause);
    this.file = file;
    this.what = what;
  }

  /** The document's name in the state folder. */
  public String file() {
    return file;
  }

  /** What is wrong with it. */
  public String what() {
    return what;
  }
}
