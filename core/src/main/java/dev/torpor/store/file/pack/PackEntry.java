package dev.torpor.store.file.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is written under a key: a value, or that there is none any more; with either, perhaps, that
 * everything older whose key begins so is gone. Kept as the line that stands in a pack, so that a
 * merge copies it as it is.
 *
 * <p>Immutable and thread-safe.
 */
public final class PackEntry {

  static final byte[] KEY = Format.ascii("\"key\":");
  private static final byte[] VERSION = Format.ascii(",\"version\":");
  private static final byte[] SEQ = Format.ascii(",\"seq\":");
  private static final byte[] PREFIX = Format.ascii(",\"prefix\":true");
  private static final byte[] VALUE = Format.ascii(",\"value\":");

  /** Most bytes of a line without its key and value. */
  private static final int FRAME = 128;

  private final byte[] key;
  private final long version;
  private final long seq;
  private final boolean removesPrefix;

  /** The whole line, with its line feed. */
  private final byte[] line;

  /** Where in the line the value begins; 0 if there is none. */
  private final int valueStart;

  private PackEntry(
      byte[] key, long version, long seq, boolean removesPrefix, byte[] line, int valueStart) {
    this.key = key;
    this.version = version;
    this.seq = seq;
    this.removesPrefix = removesPrefix;
    this.line = line;
    this.valueStart = valueStart;
  }

  /**
   * A value under a key.
   *
   * @param key 1 to 4096 bytes of UTF-8
   * @param version not negative, for the caller's use
   * @param seq the sequence number of the commit that put it
   * @param value one JSON value in UTF-8 without a line feed; not looked at otherwise. The whole
   *     line may have 32 MiB.
   * @throws IllegalArgumentException if any of them is something else
   */
  public static PackEntry put(String key, long version, long seq, byte[] value) {
    return encode(keyBytes(key), version, seq, false, value, 0, value.length);
  }

  /** The removal of a key, whether it was there or not. Arguments as in {@link #put}. */
  public static PackEntry remove(String key, long version, long seq) {
    return encode(keyBytes(key), version, seq, false, null, 0, 0);
  }

  /**
   * The removal of every older key that begins with a prefix.
   *
   * @param prefix ends with a slash; otherwise as a key of {@link #put}. An entry whose key is the
   *     prefix itself is joined to this one by {@link #withPrefixRemoved}.
   */
  public static PackEntry removePrefix(String prefix, long version, long seq) {
    return remove(prefix, version, seq).withPrefixRemoved(true);
  }

  /** This entry, with or without the removal of what is older and begins with its key. */
  public PackEntry withPrefixRemoved(boolean removed) {
    if (removed && key[key.length - 1] != '/') {
      throw new IllegalArgumentException("prefix '" + key() + "' does not end with a slash");
    }
    return removed == removesPrefix
        ? this
        : encode(key, version, seq, removed, hasValue() ? line : null, valueStart, valueLength());
  }

  /** The removal that stands in the place of this entry's value, if it has one. */
  PackEntry withoutValue() {
    return !hasValue() ? this : encode(key, version, seq, removesPrefix, null, 0, 0);
  }

  private static PackEntry encode(
      byte[] key,
      long version,
      long seq,
      boolean removesPrefix,
      byte @Nullable [] value,
      int valueStart,
      int valueLength) {
    if (version < 0 || seq < 0) {
      throw new IllegalArgumentException("version " + version + " or seq " + seq + " is negative");
    }
    if (value != null && !isOneLine(value, valueStart, valueLength)) {
      throw new IllegalArgumentException("the value of '" + text(key) + "' is not one line");
    }
    LineBuilder out = new LineBuilder(FRAME + key.length + valueLength);
    out.begin().raw(KEY, 0, KEY.length).text(key);
    out.raw(VERSION, 0, VERSION.length).number(version).raw(SEQ, 0, SEQ.length).number(seq);
    if (removesPrefix) {
      out.raw(PREFIX, 0, PREFIX.length);
    }
    int start = 0;
    if (value != null) {
      out.raw(VALUE, 0, VALUE.length);
      start = out.size();
      out.raw(value, valueStart, valueLength);
    }
    out.end();
    if (out.size() > Format.LINE_LIMIT) {
      throw new IllegalArgumentException(
          "the line of '%s' has %d bytes (limit %d)"
              .formatted(text(key), out.size(), Format.LINE_LIMIT));
    }
    byte[] line = Arrays.copyOf(out.bytes(), out.size());
    return new PackEntry(key, version, seq, removesPrefix, line, start);
  }

  /**
   * Reads an entry's line, given without its line feed, which must follow in the array.
   *
   * @param parser has begun the line and read its key
   */
  static PackEntry parse(LineParser parser, byte[] bytes, int offset, int length)
      throws BadLineException {
    byte[] key = parser.textBytes();
    long version = parser.expect(VERSION).number();
    long seq = parser.expect(SEQ).number();
    boolean removesPrefix = parser.skip(PREFIX);
    int valueStart = 0;
    if (parser.skip(VALUE)) {
      valueStart = parser.position() - offset;
    } else {
      parser.expectEnd();
    }
    if (!isKey(key) || (removesPrefix && key[key.length - 1] != '/')) {
      throw parser.unexpected();
    }
    byte[] line = Arrays.copyOfRange(bytes, offset, offset + length + 1);
    return new PackEntry(key, version, seq, removesPrefix, line, valueStart);
  }

  /** This entry with another value, as in {@link #put}. */
  public PackEntry withValue(byte[] value) {
    return encode(key, version, seq, removesPrefix, value, 0, value.length);
  }

  /** Tells whether the key begins with these bytes; cheaper than to make its text. */
  public boolean beginsWith(byte[] beginning) {
    return KeyBeginnings.begins(key, beginning);
  }

  /** Returns the key, or the prefix. */
  public String key() {
    return text(key);
  }

  /** Returns the version it was put with. */
  public long version() {
    return version;
  }

  /** Returns the sequence number of the commit that put it. */
  public long seq() {
    return seq;
  }

  /** Returns how many bytes its line has. */
  public int length() {
    return line.length;
  }

  /** Tells whether the key has a value; if not, it is removed. */
  public boolean hasValue() {
    return valueStart > 0;
  }

  /**
   * Returns the value, as a copy.
   *
   * @throws IllegalStateException if there is none
   */
  public byte[] value() {
    if (!hasValue()) {
      throw new IllegalStateException("'" + key() + "' is removed");
    }
    return Arrays.copyOfRange(line, valueStart, valueStart + valueLength());
  }

  /** Tells whether everything older whose key begins with this one is removed. */
  public boolean removesPrefix() {
    return removesPrefix;
  }

  byte[] keyBytes() {
    return key;
  }

  byte[] line() {
    return line;
  }

  /** The key's bytes, or those of a place to begin at. */
  static byte[] bytes(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    if (!text(bytes).equals(text)) {
      throw new IllegalArgumentException("'" + text + "' is not Unicode: half a surrogate pair");
    }
    return bytes;
  }

  /** Tells whether a key has no more bytes than one can have. */
  public static boolean isShortEnough(String key) {
    return key.length() <= Format.KEY_LIMIT / 3 // no character has more for each half of it
        || key.getBytes(UTF_8).length <= Format.KEY_LIMIT;
  }

  private static byte[] keyBytes(String key) {
    byte[] bytes = bytes(key);
    if (!isKey(bytes)) {
      throw new IllegalArgumentException(
          "a key has 1 to %d bytes, not %d".formatted(Format.KEY_LIMIT, bytes.length));
    }
    return bytes;
  }

  private static boolean isKey(byte[] key) {
    return key.length > 0 && key.length <= Format.KEY_LIMIT;
  }

  private int valueLength() {
    return hasValue() ? line.length - 2 - valueStart : 0; // a brace and a line feed behind it
  }

  private static boolean isOneLine(byte[] bytes, int offset, int length) {
    return length > 0 && LineFeed.find(bytes, offset, offset + length) < 0;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackEntry entry && Arrays.equals(line, entry.line);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(line);
  }

  @Override
  public String toString() {
    return new String(line, 0, line.length - 1, UTF_8);
  }
}
