package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes entries as a pack and its twin, in one go and bounded memory. Not thread-safe. */
final class PackWriter implements Closeable {

  /** So many bytes of lines take about a tenth of a millisecond. */
  private static final int GIVE_WAY = 16 << 10;

  private final long number;
  private final Header header;
  private final PairWriter out;
  private final Spill index;
  private final Spill filter;
  private final IndexBuilder builder;

  private byte[] lastKey = {};
  private long entries;
  private long removals;
  private long prefixes;

  /** Where in the pack others were let run last. */
  private long gaveWay;

  PackWriter(Disk disk, PackFiles files, long number, Header header) throws IOException {
    this.number = number;
    this.header = header;
    index = new Spill(disk, files.spill("index"));
    filter = new Spill(disk, files.spill("filter"));
    builder = new IndexBuilder(header.filtered(), index, filter);
    out = new PairWriter(disk, files);
  }

  PackDescription write(EntryCursor cursor) throws IOException {
    write(header.line());
    for (@Nullable PackEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
      add(entry);
      giveWay();
    }
    long end = out.position();
    builder.end(end);
    Footer footer =
        new Footer(
            header,
            entries,
            removals,
            prefixes,
            end,
            end + builder.indexSize(),
            end + builder.indexSize() + builder.filterSize());
    index.copyTo(out);
    filter.copyTo(out);
    write(footer.partsLine(builder.parts()));
    write(footer.line());
    out.finish();
    out.publish();
    return new PackDescription(
        number, header.from(), header.to(), entries, removals, out.storedPack(), out.storedTwin());
  }

  /**
   * Lets callers' threads run. A scheduler that sees one thread work for long lets it go on for
   * milliseconds while a thread waits that the disk has just answered, and behind that one all
   * commits.
   */
  private void giveWay() {
    if (out.position() - gaveWay >= GIVE_WAY) {
      gaveWay = out.position();
      Thread.yield();
    }
  }

  private void add(PackEntry entry) throws IOException {
    byte[] key = entry.keyBytes();
    if (Arrays.compareUnsigned(lastKey, key) >= 0) {
      throw new IllegalArgumentException("'%s' is not in order".formatted(entry.key()));
    }
    if (entry.seq() <= header.from() || entry.seq() > header.to()) {
      throw new IllegalArgumentException(
          "seq %d of '%s' is not in (%d, %d]"
              .formatted(entry.seq(), entry.key(), header.from(), header.to()));
    }
    lastKey = key;
    entries++;
    removals += entry.hasValue() ? 0 : 1;
    prefixes += entry.removesPrefix() ? 1 : 0;
    builder.add(entry, out.position());
    out.write(entry.line(), 0, entry.line().length);
  }

  private void write(LineBuilder line) throws IOException {
    out.write(line.bytes(), 0, line.size());
  }

  @Override
  public void close() throws IOException {
    try (out;
        index;
        filter) {
      // each is closed, whatever the others do
    }
  }
}
