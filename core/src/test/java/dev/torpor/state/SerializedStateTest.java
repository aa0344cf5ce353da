package dev.torpor.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.torpor.store.JsonStateSerializer;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read back equal, whatever kinds of changes there will be. */
class SerializedStateTest {
  private static final JsonStateSerializer JSON = new JsonStateSerializer();
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.000006Z");

  static Stream<Class<?>> records() {
    return Stream.concat(
        changes(),
        Stream.of(
            Session.class,
            Sleep.class,
            Task.class,
            Step.class,
            Message.class,
            MemoryItem.class,
            Mail.class,
            Event.class,
            Broadcast.class,
            Deleted.class,
            Erased.class,
            Remembered.class,
            AgentSnapshot.class));
  }

  static Stream<Class<?>> changes() {
    return kinds(Change.class);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(SerializedStateTest::kinds);
  }

  private static String write(Object value) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JSON.write(value, out);
    return out.toString(UTF_8);
  }

  private static <T> T read(Class<T> type, String json) {
    byte[] bytes = ("xx" + json + "yy").getBytes(UTF_8);
    return JSON.read(type, bytes, 2, bytes.length - 4);
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordIsReadBackAsItWasWrittenFullOrBare(Class<?> type) throws Exception {
    for (boolean full : new boolean[] {true, false}) {
      Object value = sample(type, full);
      String json = write(value);
      Class<?> readAs = value instanceof Change ? Change.class : type;
      assertThat((Object) read(readAs, json)).as(json).isEqualTo(value);
      assertThat(json).doesNotContain("\n");
      assertThat(full || !json.contains("null")).as(json).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeBeginsWithItsTypeInSnakeCase(Class<?> type) throws Exception {
    String name =
        type.getSimpleName()
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toLowerCase(java.util.Locale.ROOT);
    assertThat(write(sample(type, true))).startsWith("{\"type\":\"" + name + "\",");
  }

  /** A record of the type, with something or with nothing where something may be missing. */
  private static Object sample(Class<?> type, boolean full) throws Exception {
    if (type == ImportedEntry.class) {
      Object value = sample(Mail.class, full);
      return new ImportedEntry(Keys.sent("a", "m"), 3, value);
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < values.length; i++) {
      types[i] = components[i].getType();
      boolean nullable =
          Arrays.stream(components[i].getAnnotatedType().getAnnotations())
              .anyMatch(a -> a.annotationType().getSimpleName().equals("Nullable"));
      values[i] = nullable && !full ? null : value(components[i].getGenericType(), types[i], full);
    }
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private static Object value(Type generic, Class<?> type, boolean full) throws Exception {
    if (type == String.class) {
      return full ? "tëxt \"\\\n\u2028😀\0" : "";
    } else if (type == long.class || type == Long.class) {
      return full ? Long.MAX_VALUE : 0L;
    } else if (type == int.class) {
      return full ? 7 : 0;
    } else if (type == boolean.class) {
      return full;
    } else if (type == Instant.class) {
      return AT;
    } else if (type == Duration.class) {
      return Duration.ofMillis(1500);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[full ? type.getEnumConstants().length - 1 : 0];
    } else if (type == Object.class) {
      return JSONS.get(full ? 0 : 1);
    } else if (type == Map.class) {
      return full ? JSONS.get(0) : Map.of();
    } else if (type == List.class) {
      Class<?> item = (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0];
      return full ? List.of(value(item, item, true)) : List.of();
    }
    return sample(type, full);
  }

  private static final List<Object> JSONS = List.of(everything(), "bare");

  private static Object everything() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("null", null);
    map.put("numbers", Arrays.asList(0, -1, Integer.MAX_VALUE, Long.MIN_VALUE, 0.1, 1e300, -2.5));
    map.put("big", BigInteger.TEN.pow(40));
    map.put("exact", new BigDecimal("0.1234567890123456789012345"));
    map.put("nested", List.of(Map.of("a", List.of(List.of())), Map.of()));
    map.put("ünïcödé 😀 \" \\ \u0001", "\u2028\u2029\t");
    map.put("bool", true);
    map.put("", "");
    map.put("type", "no_change");
    return map;
  }

  @Provide
  Arbitrary<Object> json() {
    Arbitrary<Object> leaf =
        Arbitraries.oneOf(
            Arbitraries.just(null),
            Arbitraries.of(true, false),
            Arbitraries.integers().asGeneric(),
            Arbitraries.longs().asGeneric(),
            Arbitraries.bigIntegers().asGeneric(),
            Arbitraries.doubles().asGeneric(),
            Arbitraries.bigDecimals().asGeneric(),
            Arbitraries.of(
                -0.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                new BigDecimal("1E-400"),
                new BigDecimal("12345678901234567890123"),
                new BigDecimal("1.50"),
                1e23),
            texts().asGeneric());
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                leaf,
                inner.list().ofMaxSize(4).asGeneric(),
                Arbitraries.maps(texts(), inner).ofMaxSize(4).asGeneric()),
        0,
        3);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .ofMaxLength(8)
            .filter(s -> s.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff)),
        Arbitraries.of("😀", "ä", "\u0000", "\"", ""));
  }

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void aJsonValueIsReadBackAsItWasFrozen(@ForAll("json") Object value) throws Exception {
    MemoryItem item = new MemoryItem("k", value);
    String json = write(item);
    assertThat(read(MemoryItem.class, json)).as(json).isEqualTo(item);
    assertThat(Json.size(item.value()) * 6 + 100).isGreaterThanOrEqualTo(json.length());
    assertThat(JsonStateSerializer.toJson(item.value())).isEqualTo(item.value());
  }

  @Test
  void durationsAreSecondsInFieldsThatSaySo() throws Exception {
    TaskSpec spec = TaskSpec.of("p").timeout(Duration.ofMillis(1500));
    String json = write(spec);
    assertThat(json).contains("\"timeout_seconds\":1.5").contains("\"priority\":\"normal\"");
    assertThat(read(TaskSpec.class, json)).isEqualTo(spec);
    TaskSpec long_ = TaskSpec.of("p").timeout(Duration.ofSeconds(86400));
    assertThat(write(long_)).contains("\"timeout_seconds\":86400");
    assertThat(read(TaskSpec.class, write(long_))).isEqualTo(long_);
  }

  @Test
  void whatIsNoSuchRecordIsRefused() {
    for (String json :
        List.of(
            "",
            "{",
            "[]",
            "{} x",
            "{\"type\":\"unknown\"}",
            "{\"type\":\"agent_started\",\"agent\":\"a\",\"agent\":\"b\",\"version\":1}")) {
      assertThatIllegalArgumentException()
          .as(json)
          .isThrownBy(() -> read(Change.class, json))
          .withMessageContaining("Change");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonStateSerializer.fromJson(List.of(1), Task.class));
  }

  @Test
  void freeTextInKeysIsPercentEncoded() {
    assertThat(JSON.name("a/b")).isEqualTo("a%2fb");
  }
}
