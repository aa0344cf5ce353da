package dev.torpor.store.file.journal;

import java.io.IOException;
import java.util.List;

/** Is told of segments: by it, the manifest comes to name them. */
public interface SegmentListener {

  /**
   * A segment is made: complete and blank but for what recovery copied, forced, under its name.
   * When this returns, the manifests must name it, durably; only then is it written to. Called by
   * one thread at a time, never one that holds a lock of the journal's; again with the same segment
   * after an attempt that failed because the disk was full.
   *
   * @throws IOException if the manifests could not be written; the journal fails, unless the disk
   *     is full
   */
  void prepared(Segment segment) throws IOException;

  /**
   * A segment's first line is durable: the lines of lower-numbered segments end before this one's.
   * A lower one is not needed any more when nothing before {@code firstSeq} is. Called in the order
   * of numbers, by the thread that writes the journal: it must return at once.
   */
  default void begun(Segment segment, long firstSeq) {}

  /**
   * The journal is closed, and nobody wrote to these.
   *
   * @return whether the manifests name them no more, durably; then they are removed, and otherwise
   *     they stay
   * @throws IOException if the manifests could not be written
   */
  default boolean unused(List<Segment> segments) throws IOException {
    return false;
  }
}
