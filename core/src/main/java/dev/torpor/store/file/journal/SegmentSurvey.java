package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the first pass found out about a segment that the manifest names.
 *
 * @param file where it is
 * @param from from which sequence number it counts, by its header, or else by its first good line;
 *     0 if there is neither
 * @param durable the highest sequence number that a good line of it calls durable
 * @param isBlank whether nothing was ever written to it
 * @param headerIsBad whether something was, and its first line is no good header
 * @param unreadable why its lines are not read at all, or null
 * @param lengthNow how long it is; less than it was made if it was cut off
 * @param linesEnd where its last line ends; there is nothing behind
 */
record SegmentSurvey(
    Segment segment,
    Path file,
    long from,
    long durable,
    boolean isBlank,
    boolean headerIsBad,
    @Nullable String unreadable,
    long lengthNow,
    long linesEnd) {

  static SegmentSurvey of(Disk disk, Path folder, String store, Segment segment)
      throws IOException {
    Path file = segment.file(folder);
    if (!disk.exists(file)) {
      return unreadable(segment, file, "the segment is missing");
    }
    long lengthNow = Math.min(disk.size(file), segment.size());
    try (LineScanner lines = new LineScanner(disk.openToRead(file), segment.size())) {
      LineParser parser = new LineParser();
      boolean isBlank = !lines.next();
      boolean headerIsBad = false;
      long from = 0;
      long durable = 0;
      long linesEnd = 0;
      for (boolean isFirst = true, more = !isBlank; more; isFirst = false, more = lines.next()) {
        linesEnd = lines.endPosition();
        Line line =
            parser.parse(lines.bytes(), lines.offset(), lines.length(), lines.isTerminated());
        if (isFirst) {
          if (line instanceof Line.Header header && lines.position() == 0) {
            @Nullable String foreign = whyForeign(header, segment, store);
            if (foreign != null) {
              return unreadable(segment, file, foreign);
            }
            from = header.from();
          } else {
            headerIsBad = true;
          }
        }
        if (line instanceof Line.Commit commit) {
          durable = Math.max(durable, commit.durable());
          from = from == 0 ? commit.seq() : from;
        } else if (line instanceof Line.Mark mark) {
          durable = Math.max(durable, mark.durable());
        }
      }
      return new SegmentSurvey(
          segment, file, from, durable, isBlank, headerIsBad, null, lengthNow, linesEnd);
    }
  }

  private static SegmentSurvey unreadable(Segment segment, Path file, String why) {
    return new SegmentSurvey(segment, file, 0, 0, false, false, why, 0, 0);
  }

  /** A header whose checksum is good says what it was written to say: the file is another one. */
  private static @Nullable String whyForeign(Line.Header header, Segment segment, String store) {
    if (header.format() > LineEncoder.FORMAT) {
      return "the segment has format %d, and this program knows up to %d"
          .formatted(header.format(), LineEncoder.FORMAT);
    }
    if (!header.store().equals(store)) {
      return "the segment belongs to store %s, not %s".formatted(header.store(), store);
    }
    if (header.number() != segment.number() || header.size() != segment.size()) {
      return "the segment was made as number %d with %d bytes"
          .formatted(header.number(), header.size());
    }
    return null;
  }

  boolean wasCutOff() {
    return lengthNow < segment.size();
  }
}
