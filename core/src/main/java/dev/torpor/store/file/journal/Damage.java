package dev.torpor.store.file.journal;

import java.nio.file.Path;

/**
 * A place where the journal is not what was written, and that no crash explains.
 *
 * @param file the segment
 * @param position the first byte that is not as it was
 * @param fromSeq the first sequence number that is lost
 * @param toSeq the last one; less than {@code fromSeq} if none is, and {@link #UNKNOWN} if nothing
 *     tells where the loss ends
 * @param what what is wrong there
 */
public record Damage(Path file, long position, long fromSeq, long toSeq, String what) {

  /** Stands for the last sequence number of a loss whose end is not known. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /**
   * Tells whether commits are lost. If not, what is damaged was a mark, a header, or was not
   * needed.
   */
  public boolean losesCommits() {
    return fromSeq <= toSeq;
  }
}
