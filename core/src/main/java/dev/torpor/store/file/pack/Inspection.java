package dev.torpor.store.file.pack;

import dev.torpor.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all of a pack or a twin and checks it. What is good of its entries comes out as a cursor;
 * what is bad is passed over, and told at the end. Not thread-safe.
 */
final class Inspection implements EntryCursor, Closeable {

  private final Contents contents;
  private final LineSink copy;
  private final LongConsumer progress;
  private final ContentCheck check;

  /** The good entries of what was read last, as long as somebody wants them. */
  private final Queue<PackEntry> entries = new ArrayDeque<>();

  private boolean wanted = true;
  private @Nullable List<PackDamage> damages;

  /**
   * Begins to read a file.
   *
   * @param expected what it is to be; null if nobody knows
   * @param copy takes the pack's bytes as they are read
   * @param progress told how many of the file's bytes are done
   */
  Inspection(
      Disk disk,
      PackFiles files,
      Copy which,
      String store,
      @Nullable PackDescription expected,
      LineSink copy,
      LongConsumer progress)
      throws IOException {
    contents = Contents.open(disk, files, which);
    this.copy = copy;
    this.progress = progress;
    check =
        new ContentCheck(
            Contents.file(files, which),
            store,
            expected,
            contents::storedPosition,
            entry -> {
              if (wanted) {
                entries.add(entry);
              }
            });
  }

  @Override
  public @Nullable PackEntry next() throws IOException {
    while (entries.isEmpty() && damages == null) {
      read();
    }
    return entries.poll();
  }

  /** Reads what is left, and returns what is wrong. */
  List<PackDamage> damages() throws IOException {
    wanted = false;
    @Nullable List<PackDamage> found = damages;
    while (found == null) {
      read();
      found = damages;
    }
    return found;
  }

  private void read() throws IOException {
    try {
      int length = contents.next();
      if (length < 0) {
        damages = check.end();
        progress.accept(contents.position());
        return;
      }
      check.accept(contents.bytes(), length);
      copy.write(contents.bytes(), 0, length);
      progress.accept(contents.position());
    } catch (BadLineException e) {
      check.gap(contents.position(), e.getMessage());
      if (contents.skip()) {
        check.goesOn(contents.position());
      } else {
        damages = check.end();
      }
    }
  }

  /** Returns what the file is, when all of it was read. */
  StoredFile stored() throws IOException {
    return contents.stored();
  }

  /** Describes a pair of this content, which was good. */
  PackDescription description(long number, StoredFile pack, StoredFile twin) {
    Footer footer = check.footer();
    if (footer == null) {
      throw new IllegalStateException("a good pack without a footer");
    }
    Header header = footer.header();
    return new PackDescription(
        number, header.from(), header.to(), footer.entries(), footer.removals(), pack, twin);
  }

  @Override
  public void close() throws IOException {
    contents.close();
  }
}
