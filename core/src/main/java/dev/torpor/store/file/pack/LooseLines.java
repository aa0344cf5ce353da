package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import dev.torpor.disk.ReadFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The lines of a file that nothing describes any more, as far as they can be read: of a pack, of a
 * twin, or of any other file of lines. Whether they are good is not looked at.
 */
public final class LooseLines {
  /** Takes what is read, in the file's order. */
  public interface Visitor {
    /** A line, without its line feed; not blank. The array is used again. */
    void line(byte[] bytes, int offset, int length) throws IOException;

    /** Something that cannot be told as lines. */
    void gap() throws IOException;

    /** All that follows cannot be read; nothing more is told. */
    void unreadable(String why) throws IOException;
  }

  private final Visitor visitor;

  /** The beginning of a line whose end is still to come. */
  private final LineBuilder carried = new LineBuilder(4 << 10);

  private LooseLines(Visitor visitor) {
    this.visitor = visitor;
  }

  /**
   * Reads a file, in memory bounded by the longest line of a pack.
   *
   * @param isTwin whether it is compressed as twins are
   * @throws IOException when it cannot be opened, or the visitor throws it
   */
  public static void read(Disk disk, Path file, boolean isTwin, Visitor visitor)
      throws IOException {
    ReadFile open = disk.openToRead(file);
    try (Contents contents = isTwin ? new TwinReader(open) : new PackBytes(open)) {
      new LooseLines(visitor).read(contents);
    }
  }

  private void read(Contents contents) throws IOException {
    boolean goesOn = true;
    while (goesOn) {
      int length;
      try {
        length = contents.next();
      } catch (BadLineException e) {
        tell();
        visitor.gap();
        goesOn = skips(contents);
        continue;
      } catch (IOException e) {
        unreadable(e);
        return;
      }
      goesOn = length >= 0;
      take(contents.bytes(), Math.max(length, 0));
    }
    tell();
  }

  private boolean skips(Contents contents) throws IOException {
    try {
      return contents.skip();
    } catch (IOException e) {
      unreadable(e);
      return false;
    }
  }

  private void unreadable(IOException why) throws IOException {
    tell();
    visitor.unreadable(String.valueOf(why.getMessage()));
  }

  private void take(byte[] bytes, int length) throws IOException {
    int start = 0;
    for (int feed = LineFeed.find(bytes, 0, length);
        feed >= 0;
        feed = LineFeed.find(bytes, start, length)) {
      if (carried.size() > 0) {
        carried.raw(bytes, start, feed - start);
        tell();
      } else if (feed > start) {
        visitor.line(bytes, start, feed - start);
      }
      start = feed + 1;
    }
    carried.raw(bytes, start, length - start);
    if (carried.size() > Format.LINE_LIMIT) {
      tell(); // no line of ours; what comes is read as others
    }
  }

  private void tell() throws IOException {
    if (carried.size() > 0) {
      visitor.line(carried.bytes(), 0, carried.size());
      carried.clear();
    }
  }
}
