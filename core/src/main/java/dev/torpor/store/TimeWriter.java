package dev.torpor.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Times as {@link Instant#toString} has them, but faster: many of them fall into the same second,
 * whose text is kept. Thread-safe.
 */
final class TimeWriter extends ValueSerializer<Instant> {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** From this second on, years have five digits and a sign. */
  private static final long YEAR_10000 = 253_402_300_800L;

  /** A second and its text. Immutable, so that threads may share it without a lock. */
  record Second(long epoch, String text) {
    static Second of(Instant time) {
      return new Second(time.getEpochSecond(), SECONDS.format(time));
    }
  }

  private Second latest = Second.of(Instant.EPOCH);

  /** Whether the text of a time has the usual length. */
  static boolean isUsual(Instant time) {
    return time.getEpochSecond() >= 0 && time.getEpochSecond() < YEAR_10000;
  }

  @Override
  public void serialize(Instant time, JsonGenerator out, SerializationContext context) {
    if (!isUsual(time)) {
      out.writeString(time.toString());
      return;
    }
    Second second = latest;
    if (second.epoch() != time.getEpochSecond()) {
      second = Second.of(time);
      latest = second;
    }
    char[] text = Arrays.copyOf(second.text().toCharArray(), second.text().length() + 11);
    int end = fraction(time.getNano(), text, second.text().length());
    text[end++] = 'Z';
    out.writeString(text, 0, end);
  }

  /** Writes as many groups of three digits as are needed; gives where they end. */
  private static int fraction(int nanos, char[] text, int start) {
    if (nanos == 0) {
      return start;
    }
    int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9;
    text[start] = '.';
    int rest = digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1000 : nanos;
    for (int i = start + digits; i > start; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    return start + digits + 1;
  }
}
