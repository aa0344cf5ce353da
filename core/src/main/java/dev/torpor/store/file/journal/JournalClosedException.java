package dev.torpor.store.file.journal;

/** The journal is closed, and takes nothing more. */
public final class JournalClosedException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  /** Creates it. */
  public JournalClosedException() {
    super("the journal is closed");
  }
}
