package dev.torpor.store.file.pack;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a pack's entries from a block on. Reads the block first, then windows that grow: a
 * short range costs one small read, a long one few large ones. Not thread-safe.
 */
final class PackScan implements EntryCursor {

  private static final int LARGEST_WINDOW = 256 << 10;

  private final Pack pack;
  private final Iterator<PackEntry> removals;
  private final byte[] prefix;
  private final byte[] from;
  private final LineParser parser = new LineParser();

  private byte[] window = {};

  /** Where the window is in the file. */
  private long base;

  /** Where in the window the next line begins. */
  private int start;

  private int nextLength;
  private byte[] lastKey = {};
  private boolean ended;

  PackScan(Pack pack, List<PackEntry> removals, @Nullable Block block, byte[] prefix, byte[] from) {
    this.pack = pack;
    this.removals = removals.iterator();
    this.prefix = prefix;
    this.from = from;
    if (block == null) {
      ended = true;
    } else {
      base = block.position();
      nextLength = (int) (block.end() - block.position());
    }
  }

  @Override
  public @Nullable PackEntry next() throws IOException {
    if (removals.hasNext()) {
      return removals.next();
    }
    while (!ended) {
      int feed = lineFeed();
      if (feed < 0) {
        return null;
      }
      try {
        int offset = start;
        parser.begin(window, offset, feed - offset).expect(PackEntry.KEY).text();
        if (parser.compareText(lastKey) <= 0) {
          throw new BadLineException("an entry that is not in order");
        }
        if (parser.compareText(from) >= 0) {
          PackEntry entry = PackEntry.parse(parser, window, offset, feed - offset);
          lastKey = entry.keyBytes();
          start = feed + 1;
          ended = !KeyBeginnings.begins(lastKey, prefix);
          return ended ? null : entry;
        }
        lastKey = parser.textBytes();
        start = feed + 1;
      } catch (BadLineException e) {
        throw pack.damageAt(base + start, lastKey, e.getMessage());
      }
    }
    return null;
  }

  /** Finds where the line ends that begins at {@code start}; -1 if the entries end there. */
  private int lineFeed() throws IOException {
    int searched = start;
    while (true) {
      int feed = LineFeed.find(window, searched, window.length);
      if (feed >= 0) {
        return feed;
      }
      searched = window.length - start;
      long position = base + window.length;
      int length = (int) Math.min(nextLength, pack.entriesEnd() - position);
      if (length <= 0 || searched > Format.LINE_LIMIT) {
        ended = true;
        if (searched > 0) {
          throw pack.damageAt(base + start, lastKey, "a line without an end");
        }
        return -1;
      }
      readMore(position, length);
    }
  }

  /** Reads on behind the window, having moved what is before the line out of it. */
  private void readMore(long position, int length) throws IOException {
    int kept = window.length - start;
    byte[] more = pack.reads().read(position, length, lastKey, null);
    base += start;
    if (kept == 0) {
      window = more;
    } else {
      byte[] both = Arrays.copyOfRange(window, start, start + kept + length);
      System.arraycopy(more, 0, both, kept, length);
      window = both;
    }
    start = 0;
    int larger = Math.clamp(2L * nextLength, Format.BLOCK, LARGEST_WINDOW);
    nextLength = Math.max(larger, kept); // a long line is not moved often
  }
}
