package dev.torpor.state;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON values as plain Java: {@code null}, {@link Boolean}, {@link String}, {@link Integer}, {@link
 * Long}, {@link BigInteger}, {@link Double}, {@link BigDecimal}, and immutable {@link List} and
 * {@link Map} of these.
 */
public final class Json {
  /** How deep values may be nested, counted in lists and objects. */
  public static final int MAX_DEPTH = 64;

  /** How many lists and objects the records of this package put around a value, at most. */
  public static final int DEPTH_AROUND = 16;

  private Json() {}

  /**
   * An immutable copy of a value in the form in which it would be read back from disk.
   *
   * @param value any JSON value in Java; numbers may be of any standard type
   * @throws IllegalArgumentException when the value is not JSON (another type, a number that is not
   *     finite, a key that is not a string or has half of a surrogate pair) or nested deeper than
   *     {@link #MAX_DEPTH}
   */
  public static @Nullable Object freeze(@Nullable Object value) {
    return freeze(value, 0);
  }

  /**
   * {@link #freeze(Object)} for records around values: what they add to the depth is not counted,
   * so that a value that was taken in can also be answered and remembered.
   */
  public static @Nullable Object freezeAround(@Nullable Object value) {
    return freeze(value, -DEPTH_AROUND);
  }

  /** {@link #freeze(Object)} for an object; {@code null} becomes the empty one. */
  @SuppressWarnings("unchecked") // freeze makes a Map with String keys of every Map
  public static Map<String, @Nullable Object> freezeObject(@Nullable Map<?, ?> object) {
    return object == null ? Map.of() : (Map<String, @Nullable Object>) freezeMap(object, 0);
  }

  private static @Nullable Object freeze(@Nullable Object value, int depth) {
    return switch (value) {
      case null -> null;
      case String s -> s;
      case Boolean b -> b;
      case Number n -> number(n);
      case Map<?, ?> map -> freezeMap(map, depth);
      case List<?> list -> freezeList(list, depth);
      default ->
          throw new IllegalArgumentException(
              "not a JSON value: " + value.getClass().getName() + " (name its type to store it)");
    };
  }

  private static List<@Nullable Object> freezeList(List<?> list, int depth) {
    checkDepth(depth);
    if (list instanceof FrozenList frozen && depth == 0) {
      return frozen;
    }
    @Nullable Object[] items = new Object[list.size()];
    int i = 0;
    for (Object item : list) {
      items[i++] = freeze(item, depth + 1);
    }
    return new FrozenList(items);
  }

  private static Map<String, @Nullable Object> freezeMap(Map<?, ?> map, int depth) {
    checkDepth(depth);
    if (map.isEmpty()) {
      return Map.of();
    }
    if (map instanceof FrozenMap frozen && depth == 0) {
      return frozen;
    }
    LinkedHashMap<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new IllegalArgumentException("not a JSON object: a key is not a string: " + key);
          }
          checkName(name);
          copy.put(name, freeze(value, depth + 1));
        });
    return new FrozenMap(copy);
  }

  /** What is written as a key must be readable; half of a character is not, but in a value. */
  private static void checkName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (Character.isSurrogate(name.charAt(i))) {
        int c = name.codePointAt(i);
        if (c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
          throw new IllegalArgumentException(
              "not a JSON object: a key has half of a surrogate pair (U+%04X)".formatted(c));
        }
        i++;
      }
    }
  }

  private static void checkDepth(int depth) {
    if (depth >= MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
    }
  }

  private static Number number(Number n) {
    return switch (n) {
      case Integer i -> i;
      case Byte b -> b.intValue();
      case Short s -> s.intValue();
      case Long l -> smallest(l);
      case BigInteger big -> big.bitLength() < Long.SIZE ? smallest(big.longValue()) : big;
      case Double d -> finite(d);
      case Float f -> finite(Double.parseDouble(f.toString()));
      case BigDecimal decimal -> decimal(decimal);
      default -> throw new IllegalArgumentException("not a JSON number: " + n.getClass().getName());
    };
  }

  private static Number smallest(long l) {
    return l == (int) l ? (Number) (int) l : (Number) l;
  }

  private static Double finite(double d) {
    if (!Double.isFinite(d)) {
      throw new IllegalArgumentException("not a JSON number: " + d);
    }
    return d + 0.0; // no negative zero: it would be read back as the other
  }

  /**
   * A double where it says the same, so that what was a double before it was written is one again;
   * an integer where it is written as one.
   */
  private static Number decimal(BigDecimal decimal) {
    double d = decimal.doubleValue();
    if (Double.isFinite(d) && new BigDecimal(Double.toString(d)).compareTo(decimal) == 0) {
      return finite(d);
    }
    return decimal.scale() == 0 ? number(decimal.toBigInteger()) : decimal;
  }

  /** About how many bytes the value takes as JSON in UTF-8: never less than its text. */
  public static long size(@Nullable Object value) {
    return switch (value) {
      case null -> 4;
      case String s -> utf8Length(s) + 2;
      case Map<?, ?> map -> {
        long sum = 2;
        for (Map.Entry<?, ?> e : map.entrySet()) {
          sum += size(e.getKey()) + size(e.getValue()) + 2;
        }
        yield sum;
      }
      case List<?> list -> {
        long sum = 2;
        for (Object item : list) {
          sum += size(item) + 1;
        }
        yield sum;
      }
      case BigDecimal d -> d.precision() + 12L;
      case BigInteger i -> i.bitLength() / 3 + 2L;
      default -> value.toString().length();
    };
  }

  /** How many bytes a text takes in UTF-8. */
  public static long utf8Length(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A surrogate is half of a character of four bytes.
        bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return bytes;
  }

  /** An object known to be frozen, so that freezing it again costs nothing. */
  private static final class FrozenMap extends AbstractMap<String, @Nullable Object> {
    private final Map<String, @Nullable Object> content;

    FrozenMap(Map<String, @Nullable Object> content) {
      this.content = Collections.unmodifiableMap(content);
    }

    @Override
    public Set<Entry<String, @Nullable Object>> entrySet() {
      return content.entrySet();
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
      return content.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return content.containsKey(key);
    }
  }

  /** A list known to be frozen. */
  private static final class FrozenList extends AbstractList<@Nullable Object>
      implements RandomAccess {
    private final @Nullable Object[] items;

    FrozenList(@Nullable Object[] items) {
      this.items = items;
    }

    @Override
    public @Nullable Object get(int index) {
      return items[index];
    }

    @Override
    public int size() {
      return items.length;
    }
  }
}
