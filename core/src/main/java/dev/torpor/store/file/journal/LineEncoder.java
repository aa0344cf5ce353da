package dev.torpor.store.file.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.zip.CRC32C;

/** Encodes the three kinds of line. Not thread-safe. */
final class LineEncoder {

  /** The version of the format that {@code package-info} specifies. */
  static final int FORMAT = 1;

  /** Most bytes that a mark can have. */
  static final int MARK_LIMIT = 96;

  private static final byte[] CHECKSUM = "{\"crc\":\"00000000\",".getBytes(US_ASCII);
  private static final byte[] SEQ = "\"seq\":".getBytes(US_ASCII);
  private static final byte[] NEXT_DURABLE = ",\"durable\":".getBytes(US_ASCII);
  private static final byte[] DURABLE = "\"durable\":".getBytes(US_ASCII);
  private static final byte[] NEXT_AT = ",\"at\":\"".getBytes(US_ASCII);
  private static final byte[] END_AT = "Z\"".getBytes(US_ASCII);
  private static final byte[] END = "}\n".getBytes(US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private final CRC32C crc = new CRC32C();

  /** The last second that was asked for, and its text: commits come many to a second. */
  private long second = Long.MIN_VALUE;

  private byte[] secondText = new byte[0];

  void commit(LineBuffer out, long seq, long durable, Instant at, BodyWriter body) {
    int start = begin(out);
    out.write(SEQ);
    out.writeNumber(seq);
    out.write(NEXT_DURABLE);
    out.writeNumber(durable);
    time(out, at);
    out.write(',');
    long bodyStart = out.size() + out.excess();
    body.writeTo(out);
    if (out.size() + out.excess() == bodyStart) {
      throw new IllegalArgumentException("commit " + seq + " has an empty body");
    }
    end(out, start);
  }

  void mark(LineBuffer out, long durable, Instant at) {
    int start = begin(out);
    out.write(DURABLE);
    out.writeNumber(durable);
    time(out, at);
    end(out, start);
    assert out.size() - start <= MARK_LIMIT : "a mark of " + (out.size() - start) + " bytes";
  }

  void header(LineBuffer out, Segment segment, String store, long from) {
    int start = begin(out);
    out.writeAscii("\"segment\":");
    out.writeNumber(segment.number());
    out.writeAscii(",\"format\":");
    out.writeNumber(FORMAT);
    out.writeAscii(",\"store\":\"");
    out.writeAscii(store);
    out.writeAscii("\",\"from\":");
    out.writeNumber(from);
    out.writeAscii(",\"size\":");
    out.writeNumber(segment.size());
    end(out, start);
  }

  private static int begin(LineBuffer out) {
    int start = out.size();
    out.write(CHECKSUM);
    return start;
  }

  private void time(LineBuffer out, Instant at) {
    if (at.getEpochSecond() != second) {
      secondText = SECONDS.format(at).getBytes(US_ASCII);
      second = at.getEpochSecond();
    }
    out.write(NEXT_AT);
    out.write(secondText);
    out.write('.');
    int micros = at.getNano() / 1000;
    for (int power = 100_000; power > 0; power /= 10) {
      out.write('0' + micros / power % 10);
    }
    out.write(END_AT);
  }

  /** Ends the line and puts its checksum in; one that is too long is the caller's to remove. */
  private void end(LineBuffer out, int start) {
    out.write(END);
    if (out.excess() > 0) {
      return;
    }
    byte[] bytes = out.bytes();
    int covered = start + CHECKSUM.length;
    int newline = out.size() - 1;
    assert isOneLine(bytes, covered, newline) : "a line break in a commit's body";
    crc.reset();
    crc.update(bytes, covered, newline - covered);
    int value = (int) crc.getValue();
    for (int digit = start + LineParser.CRC_START + 7;
        digit >= start + LineParser.CRC_START;
        digit--) {
      bytes[digit] = HEX[value & 15];
      value >>>= 4;
    }
  }

  private static boolean isOneLine(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return false;
      }
    }
    return true;
  }
}
