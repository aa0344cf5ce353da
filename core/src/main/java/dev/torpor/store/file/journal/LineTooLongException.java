package dev.torpor.store.file.journal;

/** A commit's line would be longer than the journal allows. Nothing of it was written. */
public final class LineTooLongException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long size;
  private final int limit;

  LineTooLongException(long size, int limit) {
    super(
        "the commit's line has %d bytes (limit %d); split the commit or raise the limit"
            .formatted(size, limit));
    this.size = size;
    this.limit = limit;
  }

  /** Returns how many bytes the line would have, its end included. */
  public long size() {
    return size;
  }

  /** Returns how many it may have. */
  public int limit() {
    return limit;
  }
}
