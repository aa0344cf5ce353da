package dev.torpor.store.file.pack;

import java.io.IOException;

/** A pack is good as far as can be told, but was written by a newer program. Not damage. */
public final class NewerFormatException extends IOException {

  private static final long serialVersionUID = 1L;

  NewerFormatException(long format) {
    super(
        "a pack has format %d, and this program reads up to %d; use a newer one"
            .formatted(format, Format.VERSION));
  }
}
