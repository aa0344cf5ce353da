package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Checks a pack's lines as they are read in turn: each one's checksum, the entries' order, and that
 * index, filter and footer are those that the entries demand. Goes on behind a bad line. Not
 * thread-safe.
 */
final class ContentCheck {

  /** More damages than this are told as one that reaches to the end. */
  private static final int MOST_DAMAGES = 1000;

  private static final byte[] FORMAT = Format.ascii("\"format\":");

  private final Path file;
  private final String store;
  private final @Nullable PackDescription expected;
  private final LongUnaryOperator storedPosition;
  private final Consumer<PackEntry> good;
  private final List<PackDamage> damages = new ArrayList<>();
  private final LineParser parser = new LineParser();

  /** The beginning of a line whose end is still to come. */
  private final LineBuilder carried = new LineBuilder(4 << 10);

  /** Where in the pack the line begins. */
  private long position;

  private @Nullable Header header;
  private boolean foreign;
  private @Nullable IndexBuilder builder;
  private final CRC32C expectedIndex = new CRC32C();
  private final CRC32C expectedFilter = new CRC32C();
  private final CRC32C index = new CRC32C();
  private final CRC32C filter = new CRC32C();
  private final CRC32C parts = new CRC32C();

  /** Where the entries end; -1 as long as they go on. */
  private long entriesEnd = -1;

  private byte[] lastKey = {};
  private long entries;
  private long removals;
  private long prefixes;
  private @Nullable Footer footer;

  /** The bad lines behind the last good one. */
  private @Nullable PackDamage open;

  /**
   * Begins a check.
   *
   * @param storedPosition where in the file is what is at a position of the pack
   * @param expected what the pack is to be; null if nobody knows
   * @param good takes the entries that are good; none of a file that is another one
   */
  ContentCheck(
      Path file,
      String store,
      @Nullable PackDescription expected,
      LongUnaryOperator storedPosition,
      Consumer<PackEntry> good) {
    this.file = file;
    this.store = store;
    this.expected = expected;
    this.storedPosition = storedPosition;
    this.good = good;
  }

  /** Takes the bytes that follow those of the call before. */
  void accept(byte[] bytes, int length) throws IOException {
    int start = 0;
    for (int feed = LineFeed.find(bytes, 0, length);
        feed >= 0;
        feed = LineFeed.find(bytes, start, length)) {
      if (carried.size() == 0) {
        line(bytes, start, feed - start);
      } else {
        carried.raw(bytes, start, feed + 1 - start);
        line(carried.bytes(), 0, carried.size() - 1);
        carried.clear();
      }
      start = feed + 1;
    }
    carried.raw(bytes, start, length - start);
    if (carried.size() > Format.LINE_LIMIT) { // no line of ours; what comes is read as others
      line(carried.bytes(), 0, carried.size() - 1);
      carried.clear();
    }
  }

  private void line(byte[] bytes, int offset, int length) throws IOException {
    try {
      parser.begin(bytes, offset, length);
      if (footer != null) {
        throw new BadLineException("a line behind the footer");
      } else if (position == 0) {
        header = Header.read(parser);
        parser.expectEnd();
        checkHeader(header);
        builder =
            new IndexBuilder(header.filtered(), expectedIndex::update, expectedFilter::update);
      } else if (parser.skip(PackEntry.KEY)) {
        entry(PackEntry.parse(parser.text(), bytes, offset, length));
      } else {
        endEntries();
        if (parser.skip(FORMAT)) {
          footer = Footer.read(parser.begin(bytes, offset, length));
          checkFooter(bytes, offset, length + 1);
        } else {
          behindEntries().update(bytes, offset, length + 1);
        }
      }
    } catch (BadLineException e) {
      bad(storedPosition.applyAsLong(position), e.getMessage());
    }
    position += length + 1;
  }

  private void checkHeader(Header header) throws BadLineException {
    PackDescription described = expected;
    if (!header.store().equals(store)) {
      foreign = true;
      throw new BadLineException("a pack of another store");
    }
    if (described != null && (header.from() != described.from() || header.to() != described.to())) {
      foreign = true;
      throw new BadLineException("another pack than the manifest names");
    }
  }

  private void entry(PackEntry entry) throws IOException, BadLineException {
    if (entriesEnd >= 0 || Arrays.compareUnsigned(lastKey, entry.keyBytes()) >= 0) {
      throw new BadLineException("an entry that is not in order");
    }
    if (header != null && (entry.seq() <= header.from() || entry.seq() > header.to())) {
      throw new BadLineException("an entry of another sequence range");
    }
    lastKey = entry.keyBytes();
    close(entry.key());
    entries++;
    removals += entry.hasValue() ? 0 : 1;
    prefixes += entry.removesPrefix() ? 1 : 0;
    if (builder != null) {
      builder.add(entry, position);
    }
    if (!foreign) {
      good.accept(entry);
    }
  }

  private void endEntries() throws IOException {
    if (entriesEnd < 0) {
      close(null);
      entriesEnd = position;
      if (builder != null) {
        builder.end(position);
      }
    }
  }

  /** All that follows the entries follows from them, to the byte. */
  private void checkFooter(byte[] bytes, int offset, int length) throws BadLineException {
    IndexBuilder built = builder;
    Header first = header;
    if (built == null || first == null || isDamaged()) {
      return; // it would be found wrong for what is told already
    }
    long filterStart = entriesEnd + built.indexSize();
    long partsStart = filterStart + built.filterSize();
    Footer expected =
        new Footer(first, entries, removals, prefixes, entriesEnd, filterStart, partsStart);
    LineBuilder line = expected.line();
    if (!Arrays.equals(bytes, offset, offset + length, line.bytes(), 0, line.size())) {
      throw new BadLineException("a footer of other entries");
    }
    LineBuilder upper = expected.partsLine(built.parts());
    CRC32C expectedParts = new CRC32C();
    expectedParts.update(upper.bytes(), 0, upper.size());
    if (index.getValue() != expectedIndex.getValue()
        || filter.getValue() != expectedFilter.getValue()
        || parts.getValue() != expectedParts.getValue()
        || position != partsStart + upper.size()) {
      throw new BadLineException("an index of other entries");
    }
  }

  /** Returns what to count a line to that is neither an entry nor header or footer. */
  private CRC32C behindEntries() {
    IndexBuilder built = builder;
    if (built == null || position >= entriesEnd + built.indexSize() + built.filterSize()) {
      return parts;
    }
    return position < entriesEnd + built.indexSize() ? index : filter;
  }

  private void bad(long stored, @Nullable String what) {
    if (open == null) {
      String from = lastKey.length == 0 ? null : new String(lastKey, UTF_8);
      open = new PackDamage(file, stored, from, null, String.valueOf(what));
    }
  }

  private void close(@Nullable String toKey) {
    PackDamage damage = open;
    if (damage != null && damages.size() < MOST_DAMAGES) {
      boolean last = damages.size() == MOST_DAMAGES - 1;
      damages.add(
          new PackDamage(
              file, damage.position(), damage.fromKey(), last ? null : toKey, damage.what()));
    }
    open = null;
  }

  private boolean isDamaged() {
    return open != null || !damages.isEmpty();
  }

  /** Takes it that bytes could not be told, nor how many; what is accepted next is behind them. */
  void gap(long stored, @Nullable String what) {
    carried.clear();
    carried.ascii("?"); // what comes first is the end of a line, and must not be taken for one
    bad(stored, what);
    position++; // no longer the place of anything, and that of the header least of all
  }

  /** What is accepted next stands there in the file, so that damages behind a gap can be named. */
  void goesOn(long stored) {
    position = Math.max(position, stored - carried.size());
  }

  /** Ends the check, and returns what it found. */
  List<PackDamage> end() {
    long stored = storedPosition.applyAsLong(position);
    if (carried.size() > 0) {
      bad(stored, "a line without an end");
    } else if (footer == null) {
      bad(stored, "it ends without a footer");
    }
    close(null);
    return damages;
  }

  /** Returns the footer, if it was good. */
  @Nullable Footer footer() {
    return footer;
  }
}
