package dev.torpor.store.file.pack;

import java.util.Arrays;
import java.util.Base64;

/**
 * The filter over some keys of a part: Bloom, "Space/time trade-offs in hash coding with allowable
 * errors" (1970), its hash functions made from two as in Kirsch and Mitzenmacher, "Less Hashing,
 * Same Performance" (2006). {@code package-info} specifies it. Not thread-safe.
 */
final class BloomFilter {

  private static final byte[] FILTER = Format.ascii("\"filter\":\"");

  private static final byte[] SEXTETS = new byte[128];

  static {
    byte[] alphabet =
        Format.ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    for (int i = 0; i < alphabet.length; i++) {
      SEXTETS[alphabet[i]] = (byte) i;
    }
  }

  /** The hashes of the keys that were added. */
  private long[] hashes = new long[64];

  private int size;

  void add(byte[] key) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    hashes[size++] = hash(key);
  }

  int size() {
    return size;
  }

  /** Adds the filter's line, and begins a new one. */
  void endTo(LineBuilder out) {
    int needed = size * Format.FILTER_BITS_PER_KEY + Format.FILTER_BITS_MORE;
    int triples = (needed + 23) / 24; // so that Base64 needs no padding
    byte[] bits = new byte[3 * triples];
    for (int i = 0; i < size; i++) {
      for (int n = 0; n < Format.FILTER_HASHES; n++) {
        int bit = bit(hashes[i], n, 8 * bits.length);
        bits[bit >> 3] |= (byte) (0x80 >> (bit & 7));
      }
    }
    byte[] text = Base64.getEncoder().encode(bits);
    out.begin().ascii("\"filter\":\"").raw(text, 0, text.length).ascii("\"").end();
    size = 0;
  }

  /**
   * Tells whether a key can be one of those that a line's filter is over.
   *
   * @param line has been begun
   */
  static boolean mayHold(LineParser line, byte[] bytes, byte[] key) throws BadLineException {
    line.expect(FILTER);
    int start = line.position();
    int sextets = bytesToQuote(bytes, start);
    long hash = hash(key);
    for (int n = 0; n < Format.FILTER_HASHES; n++) {
      int bit = bit(hash, n, 6 * sextets);
      int sextet = SEXTETS[bytes[start + bit / 6] & 127];
      if ((sextet >> (5 - bit % 6) & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  private static int bytesToQuote(byte[] bytes, int start) throws BadLineException {
    int end = start;
    while (bytes[end] != '"') {
      end++;
    }
    if (end == start) {
      throw new BadLineException("an empty filter");
    }
    return end - start;
  }

  private static int bit(long hash, int n, int bits) {
    return (int) (((hash & 0xffffffffL) + n * (hash >>> 32 | 1)) % bits);
  }

  /** FNV-1a of 64 bits, with the finalizer of MurmurHash3 behind it for its weak high bits. */
  static long hash(byte[] key) {
    long h = 0xcbf29ce484222325L;
    for (byte b : key) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }
}
