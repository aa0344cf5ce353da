package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a segment again that this process wrote or recovered, and holds them against
 * what it knows of them. What was durable before it began does not change while it reads, so that a
 * segment may be looked at while somebody writes behind that.
 */
public final class SegmentCheck {

  private final Disk disk;
  private final Path folder;
  private final String store;

  /**
   * @param folder the journal's
   * @param store the store's id
   */
  public SegmentCheck(Disk disk, Path folder, String store) {
    this.disk = disk;
    this.folder = folder;
    this.store = store;
  }

  /**
   * Looks for the first place in a segment that is not as it was written.
   *
   * @param from the sequence number of its first commit
   * @param end the sequence number of the first commit that is not looked for, in it or not
   * @param progress told how many bytes are done, again and again; may take its time, or throw
   * @return null if all is well
   * @throws IOException if the file cannot be read
   */
  public @Nullable Damage first(Segment segment, long from, long end, LongConsumer progress)
      throws IOException {
    Path file = segment.file(folder);
    String misplaced = misplaced(segment);
    if (misplaced != null) {
      return new Damage(file, 0, from, end - 1, misplaced);
    }
    long next = from;
    try (LineScanner lines = new LineScanner(disk.openToRead(file), segment.size())) {
      LineParser parser = new LineParser();
      while (next < end && lines.next()) {
        progress.accept(lines.position());
        Line line =
            parser.parse(lines.bytes(), lines.offset(), lines.length(), lines.isTerminated());
        String wrong = wrong(line, segment, lines.position(), next);
        if (wrong != null) {
          return new Damage(file, lines.position(), next, end - 1, wrong);
        }
        next += line instanceof Line.Commit ? 1 : 0;
      }
    }
    return next < end
        ? new Damage(file, segment.size(), next, end - 1, "the lines at the end are missing")
        : null;
  }

  /** Says what is wrong with a segment's name and length; null if nothing is. */
  public @Nullable String misplaced(Segment segment) throws IOException {
    Path file = segment.file(folder);
    if (!disk.exists(file)) {
      return "the segment is missing";
    }
    long size = disk.size(file);
    return size == segment.size()
        ? null
        : "the segment has %d bytes instead of %d".formatted(size, segment.size());
  }

  private @Nullable String wrong(Line line, Segment segment, long position, long next) {
    if (position == 0 && !(line instanceof Line.Header)) {
      return line instanceof Line.Bad bad ? bad.what() : "a segment without a header";
    }
    return switch (line) {
      case Line.Header header ->
          position == 0
                  && header.number() == segment.number()
                  && header.size() == segment.size()
                  && header.store().equals(store)
              ? null
              : "a header of another segment";
      case Line.Commit commit ->
          commit.seq() == next ? null : "commit " + commit.seq() + " where " + next + " is next";
      case Line.Mark _ -> null;
      case Line.Bad bad -> bad.what();
    };
  }
}
