package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replay of a journal: which lines count, which are void, and what a bad or missing one means.
 *
 * <p>What a bad line was, only the next good one tells, since commits have consecutive numbers and
 * lie in their order. If it is the one that was expected, the bad line was no commit: a mark, or a
 * header. If it is a later one, commits are missing, and the durable mark decides: what is missing
 * up to it is damage, and reading goes on behind; what is missing above is a torn tail, and reading
 * ends.
 */
final class Replaying {

  /**
   * A place from which on the expected commit was not found.
   *
   * @param isGone whether it is not a line but a part of a segment, or all of it; no crash does
   *     that
   */
  private record Gap(Path file, long position, String what, boolean isGone) {}

  /**
   * What lies above the durable mark.
   *
   * @param bytes how long its lines are, line breaks included
   * @param segment which of the segments the first one is in; 0 if there is none
   * @param position where in it
   */
  record Tail(long bytes, int segment, long position) {}

  /** What is found behind the last line. */
  private static final long END = Long.MAX_VALUE;

  private final Disk disk;
  private final Path folder;
  private final List<SegmentSurvey> surveys;
  private final long mark;
  private final LineVisitor visitor;
  private final LineParser parser = new LineParser();
  private final List<Damage> damages = new ArrayList<>();

  /** The sequence number that is expected. */
  private long next;

  private long tailLines;
  private Tail tail = new Tail(0, 0, 0);
  private @Nullable Gap gap;

  /** What lies behind the gap, bad lines and, after it proved a torn tail, all others. */
  private long linesSinceGap;

  private long bytesSinceGap;
  private boolean isTorn;

  /**
   * @param from the first sequence number that is shown
   */
  Replaying(
      Disk disk,
      Path folder,
      List<SegmentSurvey> surveys,
      long mark,
      long from,
      LineVisitor visitor) {
    this.disk = disk;
    this.folder = folder;
    this.surveys = surveys;
    this.mark = mark;
    this.next = from;
    this.visitor = visitor;
  }

  /** What was shown that lies above the mark. */
  Tail tail() {
    return tail;
  }

  Replay run() throws IOException {
    return run(tail);
  }

  /**
   * Replays from a place on.
   *
   * @param start where the first line lies that is to be shown, or anything before
   */
  Replay run(Tail start) throws IOException {
    for (int i = start.segment(); i < surveys.size(); i++) {
      List<SegmentSurvey> higher = surveys.subList(i + 1, surveys.size());
      long end =
          higher.stream().mapToLong(SegmentSurvey::from).filter(from -> from > 0).min().orElse(END);
      boolean endIsUncertain = higher.stream().anyMatch(SegmentSurvey::headerIsBad);
      replaySegment(i, i == start.segment() ? start.position() : 0, end, endIsUncertain);
    }
    endOfJournal();
    Gap torn = gap;
    return new Replay(
        next - 1,
        tailLines,
        isTorn && torn != null
            ? new TornTail(torn.file(), torn.position(), linesSinceGap, bytesSinceGap)
            : null,
        damages);
  }

  /**
   * Replays a segment.
   *
   * @param from where in it to begin
   * @param end the first sequence number that a higher segment has taken over: from there on, this
   *     one's lines are void, and what is bad among them does not matter
   * @param endIsUncertain whether a higher segment's header is bad, so that it may have taken over
   *     earlier. Void lines that differ from the true ones come only behind a torn or lost commit:
   *     so the first one that is missing ends this segment.
   */
  private void replaySegment(int index, long from, long end, boolean endIsUncertain)
      throws IOException {
    SegmentSurvey survey = surveys.get(index);
    if (next >= end && !isTorn) {
      return;
    }
    if (survey.unreadable() != null) {
      missing(new Gap(survey.file(), 0, survey.unreadable(), true));
      return;
    }
    long previous = survey.from() - 1;
    try (LineScanner lines =
        new LineScanner(disk.openToRead(survey.file()), from, survey.linesEnd())) {
      while (lines.next() && (isTorn || next < end)) {
        Line line =
            parser.parse(lines.bytes(), lines.offset(), lines.length(), lines.isTerminated());
        boolean isHeader = line instanceof Line.Header && lines.position() == 0;
        if (isTorn) {
          countDropped(lines);
        } else if (line instanceof Line.Commit commit && commit.seq() > previous) {
          previous = commit.seq();
          if (endIsUncertain && commit.seq() > next) {
            missing(
                new Gap(survey.file(), lines.position(), "lines are missing before this", false));
            break;
          }
          if (commit.seq() < end) {
            commit(commit, index, lines);
          }
        } else if (!(line instanceof Line.Mark) && !isHeader) {
          bad(line, survey.file(), lines);
        }
      }
    }
    if (survey.wasCutOff() && next < end) {
      missing(new Gap(survey.file(), survey.lengthNow(), "the segment ends here", true));
    }
  }

  private void bad(Line line, Path file, LineScanner lines) {
    String what = line instanceof Line.Bad bad ? bad.what() : "a line that is not in its place";
    missing(new Gap(file, lines.position(), what, false));
    countDropped(lines);
  }

  private void commit(Line.Commit commit, int segment, LineScanner lines) throws IOException {
    Path file = surveys.get(segment).file();
    long seq = commit.seq();
    if (seq > next) {
      missing(new Gap(file, lines.position(), "lines are missing before this", false));
      closeGap(seq);
      if (isTorn) {
        countDropped(lines);
        return;
      }
    } else if (gap != null) {
      nothingWasMissing();
    }
    if (seq == next) {
      visitor.line(seq, commit.at(), lines.bytes(), lines.offset(), lines.length());
      next++;
      if (seq > mark) {
        tail =
            tailLines++ == 0
                ? new Tail(lines.length() + 1L, segment, lines.position())
                : new Tail(tail.bytes() + lines.length() + 1, tail.segment(), tail.position());
      }
    }
  }

  /** Opens a gap, unless one is open; a gap in which a part of a segment is gone stays such. */
  private void missing(Gap opened) {
    Gap open = gap;
    if (isTorn) {
      if (opened.isGone()) { // which no torn write explains, so that what was there is not known
        damages.add(
            new Damage(opened.file(), opened.position(), next, Damage.UNKNOWN, opened.what()));
      }
    } else if (open == null) {
      gap = opened;
      linesSinceGap = 0;
      bytesSinceGap = 0;
    } else if (opened.isGone() && !open.isGone()) {
      gap = new Gap(open.file(), open.position(), open.what() + "; " + opened.what(), true);
    }
  }

  /** Closes the gap: everything from the expected commit to before {@code found} is missing. */
  private void closeGap(long found) {
    Gap open = gap;
    if (open == null) {
      return;
    }
    boolean isAboveMark = next > mark;
    if (!isAboveMark || open.isGone()) {
      long lastDurable = Math.min(found - 1, mark);
      long to = open.isGone() && found - 1 > mark ? Damage.UNKNOWN : lastDurable;
      damages.add(new Damage(open.file(), open.position(), next, to, open.what()));
      next = Math.max(next, lastDurable + 1);
    }
    boolean linesFollow = found != END;
    isTorn = next < found && (linesFollow || (isAboveMark && !open.isGone()));
    if (!isTorn) {
      gap = null;
    }
  }

  private void nothingWasMissing() {
    Gap open = gap;
    if (open != null) {
      damages.add(new Damage(open.file(), open.position(), next, next - 1, open.what()));
      gap = null;
    }
  }

  private void endOfJournal() {
    if (isTorn) {
      return;
    }
    if (next <= mark) {
      Path last = surveys.isEmpty() ? folder : surveys.getLast().file();
      missing(new Gap(last, 0, "the lines at the end are missing", false));
    }
    closeGap(END);
  }

  private void countDropped(LineScanner lines) {
    linesSinceGap++;
    bytesSinceGap += lines.length() + (lines.isTerminated() ? 1 : 0);
  }
}
