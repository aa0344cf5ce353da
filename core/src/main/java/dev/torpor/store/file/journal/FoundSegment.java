package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment that was found where no manifest says which there are.
 *
 * @param segment its number, by its name, and the size that it was made with, as far as that is
 *     known
 * @param store whose it is; null when its header does not say so
 * @param isBlank whether it has no good line
 */
public record FoundSegment(Segment segment, @Nullable String store, boolean isBlank) {

  /** Finds all whose making was ended, by their numbers. */
  public static List<FoundSegment> in(Disk disk, Path folder) throws IOException {
    List<FoundSegment> found = new ArrayList<>();
    for (Path file : disk.exists(folder) ? disk.list(folder) : List.<Path>of()) {
      long number = Segment.numberIn(file).orElse(0);
      Segment segment = number == 0 ? null : new Segment(number, Math.max(1, disk.size(file)));
      if (segment != null && segment.file(folder).equals(file)) {
        found.add(read(disk, file, segment));
      }
    }
    found.sort(Comparator.comparingLong(each -> each.segment().number()));
    return found;
  }

  private static FoundSegment read(Disk disk, Path file, Segment segment) throws IOException {
    String store = null;
    long size = segment.size();
    boolean isBlank = true;
    LineParser parser = new LineParser();
    try (LineScanner lines = new LineScanner(disk.openToRead(file), size)) {
      while (isBlank && lines.next()) {
        Line line =
            parser.parse(lines.bytes(), lines.offset(), lines.length(), lines.isTerminated());
        if (line instanceof Line.Header header && header.number() == segment.number()) {
          store = header.store();
          size = header.size();
        }
        isBlank = line instanceof Line.Bad;
      }
    }
    return new FoundSegment(new Segment(segment.number(), size), store, isBlank);
  }
}
