package dev.torpor.store.file.pack;

import java.util.Arrays;
import java.util.List;

/** How some keys begin, as bytes. */
final class KeyBeginnings {

  private final byte[][] beginnings;

  KeyBeginnings(List<String> beginnings) {
    this.beginnings = beginnings.stream().map(PackEntry::bytes).toArray(byte[][]::new);
  }

  boolean beginAny(byte[] key) {
    for (byte[] beginning : beginnings) {
      if (begins(key, beginning)) {
        return true;
      }
    }
    return false;
  }

  static boolean begins(byte[] key, byte[] beginning) {
    return key.length >= beginning.length
        && Arrays.equals(key, 0, beginning.length, beginning, 0, beginning.length);
  }
}
