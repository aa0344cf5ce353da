package dev.torpor.store.file;

import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.journal.SegmentListener;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which segments of the journal hold what: each from the sequence number with which it begins to
 * the one before the next one's. Names new ones in the manifests. Thread-safe.
 */
final class BegunSegments implements SegmentListener {
  private final Manifests manifests;
  private volatile Runnable onMany = () -> {};
  private volatile int many = Integer.MAX_VALUE;

  /** The first sequence number of each segment's, by the segment's number. */
  private final TreeMap<Long, Long> firstSeqs = new TreeMap<>();

  /**
   * @param known those that recovery read
   */
  BegunSegments(Manifests manifests, Map<Segment, Long> known) {
    this.manifests = manifests;
    known.forEach((segment, firstSeq) -> firstSeqs.put(segment.number(), firstSeq));
  }

  @Override
  public void prepared(Segment segment) throws IOException {
    manifests.add(segment);
  }

  /** Has something done whenever one is begun and there are as many, or more. */
  void whenMany(int many, Runnable action) {
    onMany = action;
    this.many = many;
  }

  @Override
  public void begun(Segment segment, long firstSeq) {
    int count;
    synchronized (this) {
      firstSeqs.put(segment.number(), firstSeq);
      count = firstSeqs.size();
    }
    if (count >= many) {
      onMany.run();
    }
  }

  /** The first sequence number of each segment's, by the segment's number. */
  synchronized NavigableMap<Long, Long> firstSeqs() {
    return new TreeMap<>(firstSeqs);
  }

  /** The number of the first segment that is needed by who needs the journal from a number on. */
  synchronized long firstNeeded(long seq) {
    long needed = 0;
    for (Map.Entry<Long, Long> segment : firstSeqs.entrySet()) {
      if (segment.getValue() <= seq) {
        needed = segment.getKey(); // of those that begin there, the last has the lines that count
      }
    }
    firstSeqs.headMap(needed).clear();
    return needed;
  }
}
