package dev.torpor.store.file.pack;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of entries in a row, as the index tells them.
 *
 * @param firstKey the first of them, UTF-8
 * @param position where it begins in the file
 * @param end where the last one ends
 * @param nextKey what follows, as far as the part goes; otherwise null
 */
record Block(byte[] firstKey, long position, long end, byte @Nullable [] nextKey) {

  private static final byte[] INDEX = Format.ascii("\"index\":[");
  private static final byte[] END = Format.ascii("],\"end\":");

  /**
   * Finds the block in which a key is or would be: the last that does not begin behind it, or the
   * part's first.
   *
   * @param line the part's index line, begun
   */
  static Block find(LineParser line, byte[] key) throws BadLineException {
    line.expect(INDEX).expect('[');
    byte[] firstKey = line.text().textBytes();
    long position = line.expect(',').number();
    line.expect(']');
    while (line.skip(',')) {
      line.expect('[').text();
      if (line.compareText(key) > 0) {
        byte[] nextKey = line.textBytes();
        long next = line.expect(',').number();
        return block(firstKey, position, next, nextKey, line);
      }
      firstKey = line.textBytes();
      position = line.expect(',').number();
      line.expect(']');
    }
    return block(firstKey, position, line.expect(END).number(), null, line);
  }

  private static Block block(
      byte[] firstKey, long position, long end, byte @Nullable [] nextKey, LineParser line)
      throws BadLineException {
    if (end <= position || end - position > Format.LINE_LIMIT) {
      throw line.unexpected();
    }
    return new Block(firstKey, position, end, nextKey);
  }

  /** Looks a key up; every line up to it is checked. */
  @Nullable PackEntry get(PackReads reads, byte[] key) throws IOException {
    byte[] bytes = reads.read(position, (int) (end - position), firstKey, nextKey);
    LineParser parser = new LineParser();
    int start = 0;
    try {
      while (start < bytes.length) {
        int feed = LineFeed.find(bytes, start, bytes.length);
        if (feed < 0) {
          throw new BadLineException("a line without an end");
        }
        parser.begin(bytes, start, feed - start).expect(PackEntry.KEY).text();
        if (start == 0 && parser.compareText(firstKey) != 0) {
          throw new BadLineException("another entry than the index says");
        }
        int order = parser.compareText(key);
        if (order >= 0) {
          return order > 0 ? null : PackEntry.parse(parser, bytes, start, feed - start);
        }
        start = feed + 1;
      }
      return null;
    } catch (BadLineException e) {
      throw reads.damage(position + start, firstKey, nextKey, e.getMessage());
    }
  }
}
