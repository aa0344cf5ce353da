package dev.torpor.store.file.journal;

import java.util.ArrayList;
import java.util.List;

/** Lines that wait to be written, in order, cut into runs: one for each segment that they go to. */
final class Batch {

  /** Lines that go to one segment, one behind the other. */
  static final class Run {

    final OpenSegment segment;

    /** Where in the segment they go. */
    final long position;

    /** Where in the batch's bytes they are. */
    final int start;

    int end;

    /** The sequence number of the last commit among them; 0 if there is none. */
    long lastSeq;

    /** The first sequence number of the segment if the run begins with its header; else 0. */
    final long headerFrom;

    private Run(OpenSegment segment, long position, int start, long headerFrom) {
      this.segment = segment;
      this.position = position;
      this.start = start;
      this.end = start;
      this.headerFrom = headerFrom;
    }
  }

  final LineBuffer lines = new LineBuffer();
  private final List<Run> runs = new ArrayList<>(2);

  List<Run> runs() {
    return runs;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /** Begins a run; the bytes behind {@code start} are its own. */
  Run begin(OpenSegment segment, long position, int start, long headerFrom) {
    Run run = new Run(segment, position, start, headerFrom);
    runs.add(run);
    return run;
  }

  void clear() {
    lines.clear();
    runs.clear();
  }
}
