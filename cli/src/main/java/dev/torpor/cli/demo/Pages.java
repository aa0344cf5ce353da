package dev.torpor.cli.demo;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a list to its end. */
final class Pages {
  static final int SIZE = 1000;

  private Pages() {}

  static void each(
      Caller caller,
      String method,
      String field,
      Map<String, ? extends @Nullable Object> params,
      Consumer<Answer> consumer) {
    Map<String, @Nullable Object> next = new HashMap<>(params);
    next.put("limit", SIZE);
    do {
      Answer page = caller.call(method, next);
      page.objects(field).forEach(consumer);
      next.put("cursor", page.value("next_cursor"));
    } while (next.get("cursor") != null);
  }

  /** The first of a list; empty when there is none. */
  static Optional<Answer> first(
      Caller caller, String method, String field, Map<String, ? extends @Nullable Object> params) {
    Map<String, @Nullable Object> one = new HashMap<>(params);
    one.put("limit", 1);
    return caller.call(method, one).objects(field).stream().findFirst();
  }
}
