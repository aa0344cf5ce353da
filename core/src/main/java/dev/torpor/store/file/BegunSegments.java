package dev.torpor.store.file;

import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.journal.SegmentListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Which segments of the journal hold what: each from the sequence number with which it begins to
 * the one before the next one's. Names new ones in the manifests. Thread-safe.
 */
final class BegunSegments implements SegmentListener {
  private final Manifests manifests;
  private volatile Runnable onMany = () -> {};
  private volatile int many = Integer.MAX_VALUE;

  /** From how many on commits wait for a checkpoint. */
  private int tooMany = Integer.MAX_VALUE;

  /** Whether they do; read without the lock, once for each commit. */
  private volatile boolean isTooMany;

  /** The first sequence number of each segment's, by the segment's number. */
  private final TreeMap<Long, Long> firstSeqs = new TreeMap<>();

  /** Those that the manifests are to name no more when they name the next one. */
  private List<Segment> gone;

  /**
   * @param known those that recovery read, by their numbers
   * @param gone those that nobody ever wrote to
   */
  BegunSegments(Manifests manifests, Map<Long, Long> known, List<Segment> gone) {
    this.manifests = manifests;
    this.gone = gone;
    firstSeqs.putAll(known);
  }

  @Override
  public void prepared(Segment segment) throws IOException {
    manifests.add(segment, gone);
    gone = List.of();
  }

  @Override
  public boolean unused(List<Segment> unused) throws IOException {
    manifests.remove(unused);
    return true;
  }

  /** Has something done whenever one is begun and there are as many, or more. */
  void whenMany(int many, Runnable action) {
    onMany = action;
    this.many = many;
  }

  /** Says from how many on commits wait for a checkpoint that makes them fewer. */
  synchronized void waitFrom(int tooMany) {
    this.tooMany = tooMany;
    isTooMany = firstSeqs.size() >= tooMany;
  }

  /** Whether there are so many that a commit has to wait. */
  boolean isTooMany() {
    return isTooMany;
  }

  /**
   * Waits until there are fewer.
   *
   * @return whether there are
   */
  synchronized boolean awaitFewer(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toNanos(); isTooMany && left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return !isTooMany;
  }

  @Override
  public void begun(Segment segment, long firstSeq) {
    int count;
    synchronized (this) {
      firstSeqs.put(segment.number(), firstSeq);
      count = firstSeqs.size();
      isTooMany = count >= tooMany;
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
    isTooMany = firstSeqs.size() >= tooMany;
    notifyAll();
    return needed;
  }
}
