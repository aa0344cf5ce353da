package dev.torpor.store.file.journal;

/**
 * The journal failed for good, by a write or a force that failed or a segment that could not be
 * made. Of what was not durable before, nobody knows whether it will be; only a recovery finds out.
 */
public final class JournalFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JournalFailedException(Throwable cause) {
    super("the journal failed, and only a recovery tells what of its end is durable", cause);
  }
}
