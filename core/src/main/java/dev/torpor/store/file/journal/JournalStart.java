package dev.torpor.store.file.journal;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The start of a journal where a recovery has got to.
 *
 * <p>What recovery read may be in the page cache alone: a write whose force failed, or never came,
 * reads as well as any. So nothing above the durable mark is trusted to lie where it was read. It
 * is written again, into a new segment, and forced with it before the segment has a name.
 */
record JournalStart(
    JournalReader reader, JournalOptions options, InstantSource clock, SegmentListener listener) {

  private static final int COPY_SIZE = 1 << 20;

  String store() {
    return reader.store();
  }

  Journal run() throws IOException {
    Replay replay = reader.lastReplay();
    Disk disk = reader.disk();
    disk.createFolders(reader.folder());
    for (Path leftover : reader.leftovers()) {
      disk.delete(leftover);
    }
    long mark = reader.durable();
    Replaying.Tail tail = reader.tail();
    long tailBytes = tail.bytes();
    Segment segment = new Segment(reader.highestNumber() + 1, sizeFor(tailBytes));
    LineBuffer header = new LineBuffer();
    new LineEncoder().header(header, segment, store(), mark + 1);
    SegmentMaker maker = new SegmentMaker(disk, reader.folder());
    maker.make(
        segment,
        file -> {
          file.write(header.bytes(), 0, header.size());
          if (tailBytes > 0) {
            copyTail(file, tail, replay);
          }
          return header.size() + tailBytes;
        });
    listener.prepared(segment);
    return serve(maker, segment, mark + 1, header.size() + tailBytes, replay.last());
  }

  /** Says, durably, that all is durable; then, and not before, the journal may serve. */
  private Journal serve(
      SegmentMaker maker, Segment segment, long firstSeq, long position, long last)
      throws IOException {
    LineBuffer line = new LineBuffer();
    new LineEncoder().mark(line, last, clock.instant());
    OpenSegment open = maker.open(segment);
    boolean begun = false;
    try {
      open.file().writeDurably(position, line.bytes(), 0, line.size());
      listener.begun(segment, firstSeq);
      begun = true;
    } finally {
      if (!begun) {
        open.file().close();
      }
    }
    return new Journal(this, maker, open, position + line.size(), last);
  }

  /** A long tail gets a longer segment: behind it, the longest line must have a place. */
  private long sizeFor(long tailBytes) {
    long needed = tailBytes + options.maxLineSize() + 2L * JournalOptions.OVERHEAD;
    return Math.max(options.segmentSize(), needed);
  }

  private void copyTail(WriteFile file, Replaying.Tail tail, Replay expected) throws IOException {
    LineBuffer copies = new LineBuffer();
    long[] written = {0};
    Replay copied =
        reader.replayTail(
            tail,
            (seq, at, line, offset, length) -> {
              copies.write(line, offset, length);
              copies.write('\n');
              if (copies.size() >= COPY_SIZE) {
                written[0] += flush(copies, file);
              }
            });
    written[0] += flush(copies, file);
    requireSame(copied.last(), expected.last());
    requireSame(written[0], tail.bytes());
  }

  private static int flush(LineBuffer copies, WriteFile file) throws IOException {
    int length = copies.size();
    file.write(copies.bytes(), 0, length);
    copies.clear();
    return length;
  }

  private static void requireSame(long now, long before) throws IOException {
    if (now != before) {
      throw new IOException(
          "the journal's tail reads otherwise than before (%d, not %d); start again"
              .formatted(now, before));
    }
  }
}
