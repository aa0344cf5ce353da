package dev.torpor.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object, as an answer is one, to be read by field. What is not there is empty, so that a
 * client goes on with a server that leaves a field out.
 *
 * @param fields JSON's own types in plain Java
 */
public record Answer(Map<String, @Nullable Object> fields) {
  public static final Answer EMPTY = new Answer(Map.of());

  /** A JSON value as an answer; one without fields when it is no object. */
  @SuppressWarnings("unchecked") // a JSON object's keys are text
  public static Answer of(@Nullable Object json) {
    return json instanceof Map<?, ?> map ? new Answer((Map<String, @Nullable Object>) map) : EMPTY;
  }

  public boolean has(String field) {
    return fields.get(field) != null;
  }

  public @Nullable Object value(String field) {
    return fields.get(field);
  }

  public String text(String field) {
    Object value = fields.get(field);
    return value == null ? "" : value.toString();
  }

  public long number(String field) {
    return fields.get(field) instanceof Number number ? number.longValue() : 0;
  }

  public Answer object(String field) {
    return of(fields.get(field));
  }

  /** An array of objects. */
  public List<Answer> objects(String field) {
    return values(field).stream().map(Answer::of).toList();
  }

  public List<?> values(String field) {
    return fields.get(field) instanceof List<?> list ? list : List.of();
  }
}
