package dev.torpor.store.file.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Tells what a line is: checks its checksum, then reads its first fields. What a commit says behind
 * them is its reader's to parse. Not thread-safe.
 */
final class LineParser {

  /** Where in a line its checksum's digits are. */
  static final int CRC_START = 8;

  /** Where begins what the checksum covers. */
  static final int COVERED_START = 18;

  private static final byte[] BEFORE_CRC = "{\"crc\":\"".getBytes(US_ASCII);
  private static final byte[] AFTER_CRC = "\",".getBytes(US_ASCII);
  private static final byte[] SEQ = "\"seq\":".getBytes(US_ASCII);
  private static final byte[] DURABLE = ",\"durable\":".getBytes(US_ASCII);
  private static final byte[] AT = ",\"at\":\"".getBytes(US_ASCII);
  private static final byte[] AFTER_AT = "\",\"".getBytes(US_ASCII);
  private static final int TIME_LENGTH = 27;

  /** The most digits of a number that cannot overflow. */
  private static final int MOST_DIGITS = 18;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(64)
                  .maxStringLength(256)
                  .maxNumberLength(20)
                  .maxNestingDepth(8)
                  .build())
          .build();

  private final CRC32C crc = new CRC32C();

  /** The last second that was read, as text up to the point: commits come many to a second. */
  private String secondText = "?";

  private long second;

  /** How far {@link #plainCommit} has come. */
  private int place;

  /** Tells what a line is. It is given without its line break; {@code terminated} if it had one. */
  Line parse(byte[] bytes, int offset, int length, boolean terminated) {
    if (!terminated) {
      return new Line.Bad("a line without an end");
    }
    if (!hasFrame(bytes, offset, length)) {
      return new Line.Bad("not a line of a journal");
    }
    crc.reset();
    crc.update(bytes, offset + COVERED_START, length - COVERED_START);
    if (crc.getValue() != checksum(bytes, offset + CRC_START)) {
      return new Line.Bad("a line whose checksum is wrong");
    }
    try {
      Line commit = plainCommit(bytes, offset + COVERED_START);
      return commit == null ? parse(bytes, offset, length) : commit;
    } catch (JacksonException | DateTimeException unexpected) {
      return new Line.Bad("a line that cannot be parsed: " + unexpected.getMessage());
    } catch (Unspecified unexpected) {
      return new Line.Bad("a line with other fields than specified");
    }
  }

  private static boolean hasFrame(byte[] bytes, int offset, int length) {
    int covered = offset + COVERED_START;
    return length > COVERED_START
        && startsWith(bytes, offset, BEFORE_CRC)
        && startsWith(bytes, covered - AFTER_CRC.length, AFTER_CRC)
        && bytes[offset + length - 1] == '}';
  }

  private static boolean startsWith(byte[] bytes, int offset, byte[] start) {
    return Arrays.equals(bytes, offset, offset + start.length, start, 0, start.length);
  }

  /** Returns the value of eight lower-case hex digits, or -1 if they are not. */
  private static long checksum(byte[] bytes, int offset) {
    long value = 0;
    for (int i = offset; i < offset + 8; i++) {
      int b = bytes[i];
      if (b >= '0' && b <= '9') {
        value = value << 4 | (b - '0');
      } else if (b >= 'a' && b <= 'f') {
        value = value << 4 | (b - 'a' + 10);
      } else {
        return -1;
      }
    }
    return value;
  }

  /**
   * Reads a commit's first fields where they stand as this package writes them, without a space: a
   * start reads very many, and a parser for each takes most of the time.
   *
   * @return null if they stand otherwise, or it is no commit
   */
  private @Nullable Line plainCommit(byte[] bytes, int start) throws Unspecified {
    place = start;
    long seq = passes(bytes, SEQ) ? digits(bytes) : -1;
    long durable = seq >= 0 && passes(bytes, DURABLE) ? digits(bytes) : -1;
    if (durable < 0 || !passes(bytes, AT) || place + TIME_LENGTH > bytes.length) {
      return null;
    }
    String at = new String(bytes, place, TIME_LENGTH, US_ASCII);
    place += TIME_LENGTH;
    if (!passes(bytes, AFTER_AT)) {
      return null;
    }
    require(durable < seq);
    return new Line.Commit(seq, durable, time(at));
  }

  private boolean passes(byte[] bytes, byte[] text) {
    boolean here = place + text.length <= bytes.length && startsWith(bytes, place, text);
    place += here ? text.length : 0;
    return here;
  }

  /** Returns the number that stands here, or -1 if it is none as JSON writes it, or a long one. */
  private long digits(byte[] bytes) {
    int start = place;
    long value = 0;
    while (place < bytes.length && bytes[place] >= '0' && bytes[place] <= '9') {
      value = value * 10 + (bytes[place++] - '0');
    }
    int count = place - start;
    boolean isPlain = count == 1 || (count > 1 && count <= MOST_DIGITS && bytes[start] != '0');
    return isPlain ? value : -1;
  }

  private Line parse(byte[] bytes, int offset, int length) throws Unspecified {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      require(json.nextToken() == JsonToken.START_OBJECT);
      text(json, "crc");
      return switch (json.nextName()) {
        case "seq" -> commit(json);
        case "durable" -> mark(json);
        case "segment" -> header(json);
        case null, default -> throw new Unspecified();
      };
    }
  }

  private Line commit(JsonParser json) throws Unspecified {
    long seq = number(json);
    long durable = number(json, "durable");
    Instant at = time(text(json, "at"));
    require(json.nextName() != null && durable < seq);
    return new Line.Commit(seq, durable, at);
  }

  private Line mark(JsonParser json) throws Unspecified {
    long durable = number(json);
    time(text(json, "at"));
    requireEnd(json);
    return new Line.Mark(durable);
  }

  private static Line header(JsonParser json) throws Unspecified {
    long number = number(json);
    long format = number(json, "format");
    String store = text(json, "store");
    long from = number(json, "from");
    long size = number(json, "size");
    requireEnd(json);
    return new Line.Header(number, format, store, from, size);
  }

  /** Parses {@code 2026-11-24T12:00:00.123456Z}, and nothing shorter or longer. */
  private Instant time(String text) throws Unspecified {
    require(text.length() == TIME_LENGTH && text.charAt(19) == '.' && text.charAt(26) == 'Z');
    if (!text.startsWith(secondText)) {
      second = Instant.parse(text.substring(0, 19) + "Z").getEpochSecond();
      secondText = text.substring(0, 20);
    }
    int micros = 0;
    for (int i = 20; i < 26; i++) {
      int digit = text.charAt(i) - '0';
      require(digit >= 0 && digit <= 9);
      micros = micros * 10 + digit;
    }
    return Instant.ofEpochSecond(second, micros * 1000L);
  }

  private static long number(JsonParser json, String name) throws Unspecified {
    require(name.equals(json.nextName()));
    return number(json);
  }

  private static long number(JsonParser json) throws Unspecified {
    require(json.nextToken() == JsonToken.VALUE_NUMBER_INT);
    long number = json.getLongValue();
    require(number >= 0);
    return number;
  }

  private static String text(JsonParser json, String name) throws Unspecified {
    require(name.equals(json.nextName()));
    require(json.nextToken() == JsonToken.VALUE_STRING);
    @Nullable String text = json.getString();
    require(text != null);
    return text;
  }

  private static void requireEnd(JsonParser json) throws Unspecified {
    require(json.nextToken() == JsonToken.END_OBJECT && json.nextToken() == null);
  }

  private static void require(boolean specified) throws Unspecified {
    if (!specified) {
      throw new Unspecified();
    }
  }

  /** The line is JSON with a good checksum, and yet none of ours. */
  private static final class Unspecified extends Exception {

    private static final long serialVersionUID = 1L;
  }
}
