package dev.torpor.store.file.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the index and the filter from the entries' keys and positions. What it makes follows from
 * them alone: a writer puts it in the file, and a verification compares. Not thread-safe.
 */
final class IndexBuilder {

  private final KeyBeginnings filtered;
  private final LineSink index;
  private final LineSink filter;
  private final List<Part> parts = new ArrayList<>();
  private final LineBuilder indexLine = new LineBuilder(2 * Format.INDEX_LINE);
  private final LineBuilder filterLine = new LineBuilder(2 * Format.FILTER_KEYS);
  private final BloomFilter keys = new BloomFilter();

  private byte[] firstKey = {};
  private long blockStart = -1;
  private long indexSize;
  private long filterSize;

  /** Takes where lines go to as soon as they are finished. */
  IndexBuilder(List<String> filtered, LineSink index, LineSink filter) {
    this.filtered = new KeyBeginnings(filtered);
    this.index = index;
    this.filter = filter;
  }

  /** Adds an entry whose line, line feed included, is at a position of the file. */
  void add(PackEntry entry, long position) throws IOException {
    byte[] key = entry.keyBytes();
    if (blockStart < 0 || position + entry.line().length - blockStart > Format.BLOCK) {
      beginBlock(key, position);
    }
    if (entry.removesPrefix() || filtered.beginAny(key)) {
      keys.add(key);
    }
  }

  private void beginBlock(byte[] key, long position) throws IOException {
    if (indexLine.size() >= Format.INDEX_LINE || keys.size() >= Format.FILTER_KEYS) {
      endPart(position);
    }
    blockStart = position;
    if (indexLine.size() == 0) {
      firstKey = key;
      indexLine.begin().ascii("\"index\":[");
    } else {
      indexLine.ascii(",");
    }
    indexLine.ascii("[").text(key).ascii(",").number(position).ascii("]");
  }

  private void endPart(long end) throws IOException {
    indexLine.ascii("],\"end\":").number(end).end();
    if (keys.size() > 0) {
      keys.endTo(filterLine);
    }
    parts.add(new Part(firstKey, indexSize, indexLine.size(), filterSize, filterLine.size()));
    indexSize += indexLine.size();
    filterSize += filterLine.size();
    index.write(indexLine.bytes(), 0, indexLine.size());
    filter.write(filterLine.bytes(), 0, filterLine.size());
    indexLine.clear();
    filterLine.clear();
  }

  /** Ends the index; the last entry's line ends at a position, where the index begins. */
  void end(long position) throws IOException {
    if (blockStart >= 0) {
      endPart(position);
    }
  }

  /** Returns the parts, when they are all there. */
  List<Part> parts() {
    return parts;
  }

  /** Returns the index's length in bytes. */
  long indexSize() {
    return indexSize;
  }

  long filterSize() {
    return filterSize;
  }
}
