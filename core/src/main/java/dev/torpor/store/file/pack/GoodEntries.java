package dev.torpor.store.file.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that are good in either file of a pair. Not a {@link Merge}: neither file is newer,
 * so that neither's removals cover what only the other one still has. Not thread-safe.
 */
final class GoodEntries implements EntryCursor {

  private final EntryCursor pack;
  private final EntryCursor twin;
  private @Nullable PackEntry fromPack;
  private @Nullable PackEntry fromTwin;

  GoodEntries(EntryCursor pack, EntryCursor twin) throws IOException {
    this.pack = pack;
    this.twin = twin;
    fromPack = pack.next();
    fromTwin = twin.next();
  }

  @Override
  public @Nullable PackEntry next() throws IOException {
    PackEntry a = fromPack;
    PackEntry b = fromTwin;
    int order = a == null ? 1 : b == null ? -1 : Arrays.compareUnsigned(a.keyBytes(), b.keyBytes());
    if (order <= 0) {
      fromPack = pack.next();
    }
    if (order >= 0 && b != null) {
      fromTwin = twin.next();
    }
    return order <= 0 ? a : b;
  }

  /** Returns the ranges of keys that are damaged in both files. */
  static List<PackDamage> damagedInBoth(List<PackDamage> pack, List<PackDamage> twin) {
    List<PackDamage> both = new ArrayList<>();
    for (PackDamage a : pack) {
      for (PackDamage b : twin) {
        @Nullable String from = later(a.fromKey(), b.fromKey());
        @Nullable String to = earlier(a.toKey(), b.toKey());
        if (from == null || to == null || compare(from, to) < 0) {
          both.add(new PackDamage(a.file(), a.position(), from, to, a.what()));
        }
      }
    }
    return both;
  }

  private static @Nullable String later(@Nullable String a, @Nullable String b) {
    return a == null || (b != null && compare(a, b) < 0) ? b : a;
  }

  private static @Nullable String earlier(@Nullable String a, @Nullable String b) {
    return a == null || (b != null && compare(a, b) > 0) ? b : a;
  }

  private static int compare(String a, String b) {
    return Arrays.compareUnsigned(PackEntry.bytes(a), PackEntry.bytes(b));
  }
}
