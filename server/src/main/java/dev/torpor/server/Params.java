package dev.torpor.server;

import dev.torpor.Page;
import dev.torpor.rules.Terms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters by name, read as what they should be. A name that stands there with null is absent,
 * unless any value will do. Each method throws {@link InvalidParamException}.
 */
final class Params {
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Map<String, @Nullable Object> values;

  /** What stands before a name in messages: the parameter of which these are parts. */
  private final String prefix;

  Params(Map<String, @Nullable Object> values) {
    this(values, "");
  }

  private Params(Map<String, @Nullable Object> values, String prefix) {
    this.values = values;
    this.prefix = prefix;
  }

  /** Refuses names that are not among those given. */
  void checkNames(Set<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new InvalidParamException(
            "unknown_parameter",
            prefix + name,
            "there is no parameter '" + prefix + name + "'",
            known.isEmpty()
                ? "there are no parameters"
                : "known are " + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  /** Any value; null when it is null or absent. */
  @Nullable Object value(String name) {
    return values.get(name);
  }

  /** Any value, which may be null and must be there. */
  @Nullable Object requiredValue(String name) {
    if (!values.containsKey(name)) {
      throw missing(name);
    }
    return values.get(name);
  }

  String text(String name) {
    String text = optionalText(name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  String text(String name, String otherwise) {
    String text = optionalText(name);
    return text == null ? otherwise : text;
  }

  @Nullable String optionalText(String name) {
    return switch (values.get(name)) {
      case null -> null;
      case String text -> text;
      default -> throw wrongType(name, "a text");
    };
  }

  boolean flag(String name, boolean otherwise) {
    return switch (values.get(name)) {
      case null -> otherwise;
      case Boolean flag -> flag;
      default -> throw wrongType(name, "true or false");
    };
  }

  int integer(String name, int otherwise, int least, int most) {
    Long number = optionalLong(name);
    if (number == null) {
      return otherwise;
    }
    if (number < least || number > most) {
      throw outOfRange(name, "is %d to %d".formatted(least, most));
    }
    return number.intValue();
  }

  @Nullable Long optionalLong(String name) {
    return switch (values.get(name)) {
      case null -> null;
      case Integer i -> (long) i;
      case Long l -> l;
      default -> throw wrongType(name, "a whole number");
    };
  }

  /** How many items of a list are wanted. */
  int limit() {
    return integer("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
  }

  @Nullable Duration duration(String name) {
    BigDecimal seconds =
        switch (values.get(name)) {
          case null -> null;
          case Integer i -> BigDecimal.valueOf(i);
          case Long l -> BigDecimal.valueOf(l);
          case BigInteger i -> new BigDecimal(i);
          case BigDecimal d -> d;
          case Double d -> BigDecimal.valueOf(d);
          default -> throw wrongType(name, "a number of seconds");
        };
    if (seconds == null) {
      return null;
    }
    if (seconds.signum() < 0
        || seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0
        || seconds.scale() > 1000) {
      throw outOfRange(name, "is 0 to " + LONGEST.toSeconds() + " seconds");
    }
    return Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  Duration requiredDuration(String name) {
    Duration duration = duration(name);
    if (duration == null) {
      throw missing(name);
    }
    return duration;
  }

  /** How long to wait; it must be said. */
  Duration timeout(Duration most) {
    Duration timeout = requiredDuration("timeout_seconds");
    if (timeout.compareTo(most) > 0) {
      throw outOfRange("timeout_seconds", "is 0 to " + most.toSeconds() + "; ask again after it");
    }
    return timeout;
  }

  @Nullable Instant time(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      Instant time = Instant.parse(text);
      if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
        throw outOfRange(name, "is a time from 1970 to 9999");
      }
      return time;
    } catch (DateTimeException e) {
      throw wrongType(name, "a time like 2026-01-31T08:00:00Z");
    }
  }

  <E extends Enum<E>> E oneOf(String name, Class<E> type, E otherwise) {
    E constant = oneOf(name, type);
    return constant == null ? otherwise : constant;
  }

  <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (Views.name(constant).equals(text)) {
        return constant;
      }
      names.add(Views.name(constant));
    }
    throw new InvalidParamException(
        "invalid", prefix + name, prefix + name + " is one of " + String.join(", ", names), null);
  }

  <E extends Enum<E>> E requiredOneOf(String name, Class<E> type) {
    E constant = oneOf(name, type);
    if (constant == null) {
      throw missing(name);
    }
    return constant;
  }

  /** A list of texts; null when it is absent. */
  @Nullable List<String> texts(String name) {
    Object value = values.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>(list.size());
      for (Object item : list) {
        if (!(item instanceof String text)) {
          throw wrongType(name, "a list of texts");
        }
        texts.add(text);
      }
      return texts;
    }
    throw wrongType(name, "a list of texts");
  }

  /** An object; null when it is absent. */
  @SuppressWarnings("unchecked") // JSON's keys are strings
  @Nullable Map<String, @Nullable Object> object(String name) {
    return switch (values.get(name)) {
      case null -> null;
      case Map<?, ?> map -> (Map<String, @Nullable Object>) map;
      default -> throw wrongType(name, "an object");
    };
  }

  Map<String, @Nullable Object> objectOrEmpty(String name) {
    Map<String, @Nullable Object> object = object(name);
    return object == null ? Map.of() : object;
  }

  /** The parts of an object, to be read as parameters are; null when it is absent. */
  @Nullable Params parts(String name) {
    Map<String, @Nullable Object> object = object(name);
    return object == null ? null : new Params(object, prefix + name + ".");
  }

  /** On what terms a change is asked for. */
  Terms terms() {
    String key = optionalText("idempotency_key");
    Long version = optionalLong("expected_version");
    return key == null && version == null ? Terms.NONE : new Terms(key, version);
  }

  InvalidParamException missing(String name) {
    return new InvalidParamException(
        "missing", prefix + name, prefix + name + " is missing", "give " + prefix + name);
  }

  InvalidParamException wrongType(String name, String wanted) {
    return new InvalidParamException(
        "wrong_type", prefix + name, prefix + name + " must be " + wanted, null);
  }

  InvalidParamException outOfRange(String name, String range) {
    return new InvalidParamException(
        "out_of_range", prefix + name, prefix + name + " " + range, null);
  }
}
