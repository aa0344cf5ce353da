package dev.torpor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

  private final JsonStateSerializer serializer = new JsonStateSerializer();

  private String written(Instant time) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    serializer.write(time, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-24T12:00:00Z",
        "2026-11-24T12:00:00.100Z",
        "2026-11-24T12:00:00.001Z",
        "2026-11-24T12:00:00.123456Z",
        "2026-11-24T12:00:00.000001Z",
        "2026-11-24T12:00:00.000000001Z",
        "1970-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
        "9999-12-31T23:59:59.999999Z",
        "+10000-01-01T00:00:00Z",
        "0000-01-01T00:00:00.25Z"
      })
  void aTimeIsWrittenAsItsTextAndReadBack(String text) {
    Instant time = Instant.parse(text);
    assertThat(written(time)).isEqualTo('"' + time.toString() + '"');
    assertThat(read(time.toString())).isEqualTo(time);
  }

  @Test
  void timesOfManySecondsInAnyOrderAreTold() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      Instant time =
          Instant.ofEpochSecond(
              1_700_000_000L + random.nextInt(3), random.nextInt(1_000_000) * 1000L);
      assertThat(written(time)).isEqualTo('"' + time.toString() + '"');
      assertThat(read(time.toString())).isEqualTo(time);
    }
  }

  private Instant read(String text) {
    byte[] json = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
    return serializer.read(Instant.class, json, 0, json.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {".12x456Z", ".1234567890Z", ".-1Z", "x1Z", "+01Z", "", "ZZ"})
  void whatIsNoTimeIsNotReadAsOne(String end) {
    String seconds = "2026-11-24T12:00:00";
    assertThat(read(seconds + "Z")).isEqualTo(Instant.parse(seconds + "Z")); // its text is kept
    assertThatThrownBy(() -> read(seconds + end)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyFormOfATimeIsRead() {
    for (String text : List.of("2026-11-24T12:00:00.5Z", "2026-11-24T13:00:00.5+01:00")) {
      assertThat(read(text)).isEqualTo(Instant.parse("2026-11-24T12:00:00.5Z"));
    }
  }
}
