package dev.torpor.store.file.journal;

import java.io.IOException;

/**
 * There is no disk space for the next segment. Nothing is lost and nothing is broken: asked again
 * when there is space, the journal has room.
 */
public final class JournalFullException extends Exception {

  private static final long serialVersionUID = 1L;

  JournalFullException(IOException cause) {
    super("no disk space for the journal's next segment; free some and try again", cause);
  }
}
