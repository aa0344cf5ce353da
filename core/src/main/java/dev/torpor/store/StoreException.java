package dev.torpor.store;

import org.jspecify.annotations.Nullable;

/** Why a store did not do what it was asked. The message says what to do. */
public final class StoreException extends RuntimeException {
  /** What kind of failure, which decides what a caller can do. */
  public enum Reason {
    /** No space for the commit; it was not done, and works again when there is space. */
    FULL,
    /** The store takes no more commits until it is opened again; it was not done. */
    READ_ONLY,
    /** Nobody can say whether the commit is durable; a restart decides. */
    OUTCOME_UNKNOWN,
    /** The commit is larger than a line of the journal may be; it was not done. */
    TOO_LARGE,
    /** Somebody else owns the shard. */
    NOT_OWNER,
    /** Another process holds the state folder. */
    LOCKED,
    /** What is on disk was changed by nobody who may. */
    DAMAGED,
    /** The place cannot be used: not a folder, not writable, of a newer format. */
    UNUSABLE
  }

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
