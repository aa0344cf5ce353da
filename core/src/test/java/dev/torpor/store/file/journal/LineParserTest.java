package dev.torpor.store.file.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a line, and what is none though its checksum is good: nothing is taken on trust. */
class LineParserTest {
  private static final String AT = "\"at\":\"2026-11-24T12:00:00.123456Z\"";

  private final LineParser parser = new LineParser();

  private Line parse(String line) {
    byte[] bytes = ("before" + line + "behind").getBytes(UTF_8);
    return parser.parse(bytes, 6, bytes.length - 12, true);
  }

  /** A line with a good checksum. */
  private static String signed(String rest) {
    CRC32C crc = new CRC32C();
    crc.update(rest.getBytes(UTF_8));
    return "{\"crc\":\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\"," + rest;
  }

  @Test
  void theThreeKindsOfLineAreToldApart() {
    Instant at = Instant.parse("2026-11-24T12:00:00.123456Z");
    assertThat(parse(signed("\"seq\":7,\"durable\":6," + AT + ",\"changes\":[]}")))
        .isEqualTo(new Line.Commit(7, 6, at));
    assertThat(parse(signed("\"durable\":7," + AT + "}"))).isEqualTo(new Line.Mark(7));
    assertThat(
            parse(
                signed("\"segment\":2,\"format\":1,\"store\":\"5f1c\",\"from\":8,\"size\":2048}")))
        .isEqualTo(new Line.Header(2, 1, "5f1c", 8, 2048));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sequence\":7,\"durable\":6,AT,\"changes\":[]}",
        "\"seq\":\"7\",\"durable\":6,AT,\"changes\":[]}",
        "\"seq\":-7,\"durable\":-8,AT,\"changes\":[]}",
        "\"seq\":7.0,\"durable\":6,AT,\"changes\":[]}",
        "\"seq\":99999999999999999999,\"durable\":6,AT,\"changes\":[]}",
        "\"seq\":7,AT,\"durable\":6,\"changes\":[]}",
        "\"seq\":7,\"durable\":7,AT,\"changes\":[]}",
        "\"seq\":7,\"durable\":6,AT}",
        "\"seq\":7,\"durable\":6,\"at\":7,\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"when\":\"2026-11-24T12:00:00.123456Z\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-11-24T12:00:00Z\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-11-24T12:00:00,123456Z\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-11-24T12:00:00.123456+\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-11-24T12:00:00.12345xZ\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-11-24T12:00:00.12 456Z\",\"changes\":[]}",
        "\"seq\":7,\"durable\":6,\"at\":\"2026-13-24T12:00:00.123456Z\",\"changes\":[]}",
        "\"seq\":7 \"durable\":6,AT,\"changes\":[]}",
        "\"durable\":7,AT,\"more\":1}",
        "\"durable\":7,AT}{}",
        "\"durable\":7}",
        "\"segment\":2,\"format\":1,\"store\":5,\"from\":8,\"size\":2048}",
        "\"segment\":2,\"format\":1,\"store\":\"s\",\"from\":8,\"size\":2048,\"more\":1}",
        "\"segment\":2,\"format\":1,\"store\":\"s\",\"from\":8}",
        "}"
      })
  void aGoodChecksumOverOtherFieldsThanSpecifiedIsABadLine(String rest) {
    assertThat(parse(signed(rest.replace("AT", AT)))).isInstanceOf(Line.Bad.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"crc\":\"",
        "{\"crc\":\"00000000\",",
        "{\"crc\":\"00000000\",}",
        "{\"CRC\":\"00000000\",\"durable\":7}",
        "{\"crc\":\"00000000\" ,\"durable\":7}",
        "{\"crc\":\"00000000\",\"durable\":7]",
        "{\"crc\":\"0000000g\",\"durable\":7}",
        "{\"crc\":\"0000000/\",\"durable\":7}",
        "{\"crc\":\"0000000`\",\"durable\":7}"
      })
  void whatLooksLikeNoLineIsABadLine(String line) {
    assertThat(parse(line)).isInstanceOf(Line.Bad.class);
  }

  /** One spelling of one line: else a flipped bit could go unseen. */
  @Test
  void aChecksumInCapitalsIsABadLine() {
    String rest = "\"durable\":7," + AT + "}";
    for (int durable = 7; !signed(rest).substring(8, 16).matches(".*[a-f].*"); durable++) {
      rest = "\"durable\":" + durable + "," + AT + "}";
    }
    String good = signed(rest);
    assertThat(parse(good)).isInstanceOf(Line.Mark.class);
    String capitals = good.substring(8, 16).toUpperCase(java.util.Locale.ROOT);
    assertThat(parse("{\"crc\":\"" + capitals + good.substring(16))).isInstanceOf(Line.Bad.class);
  }

  @Test
  void aLineWithoutAnEndIsABadLine() {
    byte[] line = signed("\"durable\":7," + AT + "}").getBytes(UTF_8);
    assertThat(parser.parse(line, 0, line.length, false)).isInstanceOf(Line.Bad.class);
  }
}
