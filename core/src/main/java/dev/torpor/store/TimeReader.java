package dev.torpor.store;

import java.time.Instant;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ext.javatime.deser.InstantDeserializer;

/**
 * Reads what {@link TimeWriter} writes, as Jackson does but faster: a journal has thousands of
 * times that fall into the same second, whose text is kept. Thread-safe.
 */
final class TimeReader extends ValueDeserializer<Instant> {
  private TimeWriter.Second latest = TimeWriter.Second.of(Instant.EPOCH);

  @Override
  public Instant deserialize(JsonParser in, DeserializationContext context) {
    String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getString() : "";
    TimeWriter.Second second = latest;
    int seconds = second.text().length();
    if (text.startsWith(second.text()) && text.endsWith("Z")) {
      int nanos = nanos(text, seconds, text.length() - 1);
      if (nanos >= 0) {
        return Instant.ofEpochSecond(second.epoch(), nanos);
      }
    }
    Instant time = InstantDeserializer.INSTANT.deserialize(in, context);
    if (TimeWriter.isUsual(time)) {
      latest = TimeWriter.Second.of(time);
    }
    return time;
  }

  /** The fraction of a second that stands from one place to another; negative when none does. */
  private static int nanos(String text, int from, int to) {
    if (from == to) {
      return 0;
    }
    int digits = to - from - 1;
    if (digits < 1 || digits > 9 || text.charAt(from) != '.') {
      return -1;
    }
    int nanos = 0;
    for (int i = 0; i < 9; i++) {
      int digit = i < digits ? text.charAt(from + 1 + i) - '0' : 0;
      if (digit < 0 || digit > 9) {
        return -1;
      }
      nanos = 10 * nanos + digit;
    }
    return nanos;
  }
}
