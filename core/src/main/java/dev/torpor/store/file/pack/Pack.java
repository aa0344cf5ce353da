package dev.torpor.store.file.pack;

import dev.torpor.disk.ReadFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pack, open for reading. In memory is only the upper level of its index: about 100 bytes for a
 * megabyte of entries. Every line that is read is checked; an answer that cannot be given for
 * damage is a {@link PackDamagedException}, never a wrong one.
 *
 * <p>Thread-safe. Scans need no closing; after {@link #close} they fail, as all reads do, so what
 * may still be scanned must not be closed. An interrupted reader closes nothing for the others.
 */
public final class Pack implements SortedRun, Closeable {

  private final PackDescription description;
  private final PackReads reads;
  private final Footer footer;
  private final List<Part> parts;
  private final KeyBeginnings filtered;

  private Pack(PackDescription description, PackReads reads, Footer footer, List<Part> parts) {
    this.description = description;
    this.reads = reads;
    this.footer = footer;
    this.parts = parts;
    filtered = new KeyBeginnings(footer.header().filtered());
  }

  /** Reads a pack's footer and the upper level of its index. */
  static Pack open(Path path, ReadFile file, String store, PackDescription description)
      throws IOException {
    PackReads reads = new PackReads(path, file);
    long size = file.size();
    if (size != description.pack().size()) {
      throw reads.damage(
          Math.min(size, description.pack().size()),
          null,
          null,
          "%d bytes instead of %d".formatted(size, description.pack().size()));
    }
    int tailLength = (int) Math.min(size, Format.FOOTER_LIMIT);
    byte[] tail = reads.read(size - tailLength, tailLength, null, null);
    int start = tailLength - 1;
    while (start > 0 && tail[start - 1] != '\n') {
      start--;
    }
    long footerAt = size - tailLength + Math.max(start, 0);
    Footer footer =
        reads.line(footerAt, (int) (size - footerAt), null, null, (line, b) -> Footer.read(line));
    Header header = footer.header();
    if (!header.store().equals(store)
        || header.from() != description.from()
        || header.to() != description.to()
        || footer.entries() != description.entries()
        || footer.removals() != description.removals()) {
      throw reads.damage(footerAt, null, null, "another pack than the manifest names: " + footer);
    }
    int partsLength = (int) Math.clamp(footerAt - footer.parts(), 0, Integer.MAX_VALUE);
    List<Part> parts =
        reads.line(footer.parts(), partsLength, null, null, (line, b) -> footer.readParts(line));
    return new Pack(description, reads, footer, parts);
  }

  /** Returns what it was opened as. */
  public PackDescription description() {
    return description;
  }

  /**
   * Tells whether there can be an entry under a key, or one that removes its prefix, by what the
   * filter knows alone: at most one short line is read. For a key that the filter is not over, the
   * answer is true.
   *
   * @throws PackDamagedException if that line is not what was written
   */
  public boolean mayHold(String key) throws IOException {
    byte[] bytes = PackEntry.bytes(key);
    if (filtered.beginAny(bytes) ? filterMayHold(bytes) : !parts.isEmpty()) {
      return true;
    }
    for (byte[] prefix : prefixes(bytes)) {
      if (filterMayHold(prefix)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public @Nullable PackEntry get(String key) throws IOException {
    byte[] bytes = PackEntry.bytes(key);
    PackEntry entry = filtered.beginAny(bytes) && !filterMayHold(bytes) ? null : find(bytes);
    if (entry != null) {
      return entry;
    }
    List<PackEntry> removals = removalsOf(bytes);
    return removals.isEmpty() ? null : PackEntry.remove(key, 0, removals.getFirst().seq());
  }

  @Override
  public EntryCursor scan(String prefix, String from) throws IOException {
    byte[] prefixBytes = PackEntry.bytes(prefix);
    byte[] fromBytes = from.startsWith(prefix) ? PackEntry.bytes(from) : prefixBytes;
    if (Arrays.compareUnsigned(PackEntry.bytes(from), fromBytes) > 0) {
      return () -> null; // behind all that begin with the prefix
    }
    List<PackEntry> removals = removalsOf(fromBytes);
    Block start = parts.isEmpty() ? null : block(Math.max(part(fromBytes), 0), fromBytes);
    return new PackScan(this, removals, start, prefixBytes, fromBytes);
  }

  /** Finds the entries that remove a true prefix of a key, the shortest first. */
  private List<PackEntry> removalsOf(byte[] key) throws IOException {
    List<PackEntry> removals = new ArrayList<>();
    for (byte[] prefix : prefixes(key)) {
      if (filterMayHold(prefix)) {
        PackEntry entry = find(prefix);
        if (entry != null && entry.removesPrefix()) {
          removals.add(entry.withoutValue());
        }
      }
    }
    return removals;
  }

  /** The true prefixes of a key that end with a slash; none if no entry here removes any. */
  private List<byte[]> prefixes(byte[] key) {
    if (footer.prefixes() == 0) {
      return List.of();
    }
    return Stream.iterate(1, length -> length < key.length, length -> length + 1)
        .filter(length -> key[length - 1] == '/')
        .map(length -> Arrays.copyOf(key, length))
        .toList();
  }

  private @Nullable PackEntry find(byte[] key) throws IOException {
    int number = part(key);
    return number < 0 ? null : block(number, key).get(reads, key);
  }

  private boolean filterMayHold(byte[] key) throws IOException {
    int number = part(key);
    if (number < 0 || parts.get(number).filterLength() == 0) {
      return false;
    }
    Part part = parts.get(number);
    return reads.line(
        footer.filter() + part.filter(),
        part.filterLength(),
        part.firstKey(),
        firstKey(number + 1),
        (line, bytes) -> BloomFilter.mayHold(line, bytes, key));
  }

  /** Finds the block in which a key is or would be, or the part's first. */
  private Block block(int number, byte[] key) throws IOException {
    Part part = parts.get(number);
    byte[] next = firstKey(number + 1);
    Block block =
        reads.line(
            footer.index() + part.index(),
            part.indexLength(),
            part.firstKey(),
            next,
            (line, bytes) -> Block.find(line, key));
    return block.nextKey() == null
        ? new Block(block.firstKey(), block.position(), block.end(), next)
        : block;
  }

  /** Finds the part in which a key is or would be; -1 if it is before the first. */
  private int part(byte[] key) {
    int low = 0;
    int high = parts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(parts.get(middle).firstKey(), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private byte @Nullable [] firstKey(int number) {
    return number < parts.size() ? parts.get(number).firstKey() : null;
  }

  PackReads reads() {
    return reads;
  }

  /** Returns where the entries end. */
  long entriesEnd() {
    return footer.index();
  }

  /** Finds between which keys a place among the entries is, as far as the index can still tell. */
  PackDamagedException damageAt(long position, byte[] lastKey, @Nullable String what) {
    byte @Nullable [] from = lastKey.length == 0 ? null : lastKey;
    byte @Nullable [] to = null;
    try {
      Block block = block(Math.max(part(lastKey), 0), lastKey);
      while (block.end() <= position
          && block.nextKey() != null) { // it is the next one's first line
        block = block(part(block.nextKey()), block.nextKey());
      }
      to = block.nextKey();
    } catch (IOException indexIsDamagedToo) {
      // then to the last
    }
    return reads.damage(position, from, to, what);
  }

  @Override
  public void close() throws IOException {
    reads.file().close();
  }
}
