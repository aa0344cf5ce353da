package dev.torpor.store.file.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A document is not as it was written. The message says which and what is wrong with it. */
public final class DamagedDocumentException extends IOException {
  private static final long serialVersionUID = 1L;

  DamagedDocumentException(String file, String what, @Nullable Throwable cause) {
    super(file + ": " + what, cause);
  }
}
