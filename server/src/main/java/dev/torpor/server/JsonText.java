package dev.torpor.server;

import dev.torpor.state.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as text, strictly: UTF-8 and nothing else, no key twice, no half characters, nothing behind
 * the value, and not nested so deep that a value in it could not be one of state.
 */
final class JsonText {
  /** The longest text or number that a body can hold is the body; the parser need not count. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(Json.MAX_DEPTH + Json.DEPTH_AROUND)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What the parser says of the places that it looks at, which it was told not to show. */
  private static final Pattern PARSERS_PLACE =
      Pattern.compile(" \\(start marker at \\[[^\\]]*\\]\\)");

  private static final ObjectReader READER = MAPPER.readerFor(Object.class);
  private static final ObjectWriter WRITER = MAPPER.writer();

  private JsonText() {}

  /**
   * Reads a value.
   *
   * @throws RpcException when it is no such JSON
   */
  static @Nullable Object read(byte[] json) {
    String text = decoded(json);
    Object value;
    try {
      value = READER.readValue(text);
    } catch (StreamConstraintsException e) {
      throw constraint(e);
    } catch (JacksonException e) {
      throw parseError(PARSERS_PLACE.matcher(e.getOriginalMessage() + "").replaceAll(""));
    }
    // Half of a surrogate pair can only come from an escape: UTF-8 has none.
    if (text.contains("\\u")) {
      checkWhole(value);
    }
    return value;
  }

  static byte[] write(@Nullable Object value) {
    return WRITER.writeValueAsBytes(value);
  }

  private static String decoded(byte[] json) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
    } catch (CharacterCodingException e) {
      throw parseError("not UTF-8");
    }
  }

  private static RpcException constraint(StreamConstraintsException e) {
    String message = String.valueOf(e.getOriginalMessage());
    return message.contains("nesting depth")
        ? tooDeep(null)
        : new RpcException(
            RpcException.LIMIT_EXCEEDED,
            "max_number_length",
            "a number has more than "
                + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
                + " characters (limit max_number_length)");
  }

  /**
   * Checks that values are not nested too deep to be kept.
   *
   * @throws RpcException when one is
   */
  static void checkDepth(Map<String, @Nullable Object> values) {
    values.forEach(
        (name, value) -> {
          if (isDeeper(value, Json.MAX_DEPTH)) {
            throw tooDeep(name);
          }
        });
  }

  private static boolean isDeeper(@Nullable Object value, int most) {
    return switch (value) {
      case Map<?, ?> map ->
          most == 0 || map.values().stream().anyMatch(item -> isDeeper(item, most - 1));
      case List<?> list -> most == 0 || list.stream().anyMatch(item -> isDeeper(item, most - 1));
      case null, default -> false;
    };
  }

  private static RpcException tooDeep(@Nullable String field) {
    return new RpcException(
        RpcException.LIMIT_EXCEEDED,
        "max_nesting",
        field,
        "nested deeper than " + Json.MAX_DEPTH + " (limit max_nesting)",
        null);
  }

  private static RpcException parseError(@Nullable String why) {
    return new RpcException(
        RpcException.PARSE_ERROR, "parse_error", "the body is not JSON: " + why);
  }

  private static void checkWhole(@Nullable Object value) {
    switch (value) {
      case String text when hasHalf(text) ->
          throw parseError("a text has half of a surrogate pair");
      case Map<?, ?> map ->
          map.forEach(
              (key, item) -> {
                checkWhole(key);
                checkWhole(item);
              });
      case List<?> list -> list.forEach(JsonText::checkWhole);
      case null, default -> {}
    }
  }

  private static boolean hasHalf(String text) {
    return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= 0xDFFF);
  }
}
