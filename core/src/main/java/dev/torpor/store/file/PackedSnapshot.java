package dev.torpor.store.file;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.pack.Merge;
import dev.torpor.store.file.pack.PackEntry;
import java.io.IOException;
import java.util.List;

/** A view of the packs, and over it what no pack had. */
final class PackedSnapshot implements Snapshot {
  private final long seq;
  private final List<Entry> unpacked;
  private final LivePacks.View packs;
  private final StateSerializer serializer;

  /**
   * @param seq the last commit that counts
   * @param unpacked what the packs lack up to there, in order; what they have, too, does no harm
   * @param packs of no later commit; closed with this
   */
  PackedSnapshot(long seq, List<Entry> unpacked, LivePacks.View packs, StateSerializer serializer) {
    this.seq = seq;
    this.unpacked = unpacked;
    this.packs = packs;
    this.serializer = serializer;
  }

  @Override
  public long seq() {
    return seq;
  }

  @Override
  public Cursor scan(String prefix) throws IOException {
    List<Entry> newest =
        prefix.isEmpty() ? unpacked : unpacked.subList(place(prefix), place(Keys.behind(prefix)));
    Merge entries =
        new Merge(
            List.of(new CutCursor(newest, serializer), packs.stack().scan(prefix, prefix)),
            true,
            Merge.Keeper.OF_ALL);
    return () -> {
      PackEntry entry = entries.next();
      return entry == null ? null : RangeLoader.decoded(entry, serializer);
    };
  }

  /** How many keys are before a key. */
  private int place(String key) {
    int low = 0;
    int high = unpacked.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Keys.compare(unpacked.get(middle).key(), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void close() {
    packs.close();
  }
}
