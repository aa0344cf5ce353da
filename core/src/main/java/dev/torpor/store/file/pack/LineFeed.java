package dev.torpor.store.file.pack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where lines end, eight bytes at a time: looked for byte by byte, it would cost the most.
 */
final class LineFeed {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long FEEDS = 0x0a0a0a0a0a0a0a0aL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private LineFeed() {}

  /** Returns where the first line feed of a range is, or -1. */
  static int find(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      long x = (long) LONGS.get(bytes, at) ^ FEEDS; // Mycroft's test for a byte that is zero
      long found = x - ONES & ~x & HIGHS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (bytes[at] == '\n') {
        return at;
      }
    }
    return -1;
  }
}
