package dev.torpor.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as text from and to plain Java: maps, lists, text, numbers, booleans and null. */
public final class JsonText {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .build();

  private JsonText() {}

  public static String write(@Nullable Object json) {
    return MAPPER.writeValueAsString(json);
  }

  static String pretty(@Nullable Object json) {
    return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException when it is not JSON
   */
  static @Nullable Object read(String text) {
    try {
      return MAPPER.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The value of an option that is JSON; null when it was not given. */
  static @Nullable Object option(String name, @Nullable String text) {
    try {
      return text == null ? null : read(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.wrongUsage(name + " is " + e.getMessage());
    }
  }
}
