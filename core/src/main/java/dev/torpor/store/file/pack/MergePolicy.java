package dev.torpor.store.file.pack;

import java.util.List;
import java.util.Optional;

/**
 * Which packs to merge: neighbours in age, by tiers of their size. Pure: the same sizes, the same
 * answer.
 *
 * <p>Size-tiered merging as in Bigtable and Cassandra, with the space bound of RocksDB's universal
 * compaction:
 *
 * <ul>
 *   <li>When the newer packs come to as much as the oldest one, all are merged. Since the oldest
 *       pack after that holds nothing but what lives, packs are at most twice what lives, and three
 *       times while they are merged. It costs each byte at most two writes.
 *   <li>A pack is in the tier of the largest power of {@code fanIn} that is not above its size.
 *       When {@code fanIn} packs of a tier are neighbours, not counting smaller ones, they are
 *       merged with those between and before them, and their sum is in a higher tier. It costs each
 *       byte one write a tier.
 *   <li>Where sizes come in an order that would leave more packs than {@code mostPacks}, the
 *       neighbours that are the smallest together are merged.
 * </ul>
 *
 * <p>Sizes do not tell what removals have made free: whoever removes a large part of what there is
 * merges all, whatever the policy says.
 *
 * @param fanIn how many packs of a tier are merged, from 2
 * @param mostPacks how many packs there may be, from {@code fanIn}
 */
public record MergePolicy(int fanIn, int mostPacks) {

  /** Four of a tier, and at most 24. */
  public static final MergePolicy DEFAULT = new MergePolicy(4, 24);

  /** Below this all packs are of one tier: merging them costs next to nothing. */
  private static final long SMALLEST_TIER = 64 << 10;

  /**
   * Neighbours.
   *
   * @param from the first pack's place in the list, the newest pack being at 0
   * @param to the place behind the last one; at least two more than {@code from}
   */
  public record Neighbours(int from, int to) {}

  /** Checks the numbers. */
  public MergePolicy {
    if (fanIn < 2 || mostPacks < fanIn) {
      throw new IllegalArgumentException("fanIn " + fanIn + ", mostPacks " + mostPacks);
    }
  }

  /**
   * Tells what to merge next, if anything.
   *
   * @param newestFirst the packs' sizes in bytes
   */
  public Optional<Neighbours> choose(List<Long> newestFirst) {
    int count = newestFirst.size();
    if (count < 2) {
      return Optional.empty();
    }
    long newer = sum(newestFirst, 0, count - 1);
    if (newer >= newestFirst.getLast()) {
      return Optional.of(new Neighbours(0, count));
    }
    for (int tier = 0; tier < Long.SIZE; tier++) {
      Optional<Neighbours> found = ofTier(newestFirst, tier);
      if (found.isPresent()) {
        return found;
      }
    }
    return count > mostPacks ? Optional.of(smallest(newestFirst)) : Optional.empty();
  }

  /** Finds packs of a tier that are neighbours but for smaller ones; the newest such. */
  private Optional<Neighbours> ofTier(List<Long> sizes, int tier) {
    int from = 0;
    int members = 0;
    int lastMember = 0;
    for (int i = 0; i <= sizes.size(); i++) {
      int here = i < sizes.size() ? tier(sizes.get(i)) : Integer.MAX_VALUE;
      if (here > tier) {
        if (members >= fanIn) {
          return Optional.of(new Neighbours(from, lastMember + 1));
        }
        from = i + 1;
        members = 0;
      } else if (here == tier) {
        members++;
        lastMember = i;
      }
    }
    return Optional.empty();
  }

  private Neighbours smallest(List<Long> sizes) {
    int best = 0;
    for (int from = 1; from + fanIn <= sizes.size(); from++) {
      if (sum(sizes, from, from + fanIn) < sum(sizes, best, best + fanIn)) {
        best = from;
      }
    }
    return new Neighbours(best, best + fanIn);
  }

  private int tier(long size) {
    int tier = 0;
    for (long rest = size / SMALLEST_TIER; rest >= fanIn; rest /= fanIn) {
      tier++;
    }
    return tier;
  }

  private static long sum(List<Long> sizes, int from, int to) {
    return sizes.subList(from, to).stream().mapToLong(Long::longValue).sum();
  }
}
