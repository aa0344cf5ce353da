package dev.torpor.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.torpor.state.AgentCounts;
import dev.torpor.state.Change;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Json;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.module.SimpleModule;

/**
 * State as plain JSON: fields in {@code snake_case}, names of constants in lower case, times as
 * ISO-8601 in UTC, durations as seconds in fields that end in {@code _seconds}, nothing that is
 * null. A change begins with its {@code type}. Thread-safe.
 */
public final class JsonStateSerializer implements StateSerializer {
  /** The one mapper; it depends on nothing, so there is never a second. */
  private static final JsonMapper MAPPER = mapper();

  /** The form in which values are written, which therefore need not say it. */
  private static final int FORM = 1;

  private final ObjectWriter changes = MAPPER.writerFor(Change.class);

  /** By the form that they lift, the oldest first, without a gap; up to the present one. */
  private final List<Upcaster> upcasters;

  public JsonStateSerializer() {
    this(List.of());
  }

  /**
   * One that reads older forms.
   *
   * @param upcasters for each form from some on to the one before the present, in this order
   */
  public JsonStateSerializer(List<Upcaster> upcasters) {
    this.upcasters = List.copyOf(upcasters);
    for (int i = 0; i < upcasters.size(); i++) {
      if (upcasters.get(i).from() != FORM - upcasters.size() + i) {
        throw new IllegalArgumentException("upcasters leave a gap before form " + FORM);
      }
    }
  }

  /**
   * Has a thread of its own look at the records that every start reads, as the first one who reads
   * them has to: meanwhile, a start waits for the disk. Returns at once.
   */
  public static void prepare() {
    Thread.startVirtualThread(
        () -> Stream.of(AgentCounts.class, Session.class, Task.class).forEach(MAPPER::readerFor));
  }

  @Override
  public void write(Object value, OutputStream out) {
    (value instanceof Change ? changes : MAPPER.writer()).writeValue(out, value);
  }

  @Override
  public ValueWriter writer(OutputStream out) {
    return new GeneratorWriter(out);
  }

  /** Keeps what Jackson needs to write to a stream, which is dearer to make than most values. */
  private final class GeneratorWriter implements ValueWriter {
    private final OutputStream out;
    private @Nullable JsonGenerator kept;

    GeneratorWriter(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(Object value) {
      JsonGenerator generator = kept == null ? MAPPER.createGenerator(out) : kept;
      kept = null; // one that failed in the middle of a value is not used again
      (value instanceof Change ? changes : MAPPER.writer()).writeValue(generator, value);
      kept = generator;
    }
  }

  @Override
  public <T> T read(Class<T> type, byte[] json, int offset, int length) {
    try {
      int form = upcasters.isEmpty() ? FORM : form(json, offset, length);
      if (form < FORM) {
        return lifted(type, form, json, offset, length);
      }
      ObjectReader reader = MAPPER.readerFor(type);
      return reader.readValue(json, offset, length);
    } catch (JacksonException e) {
      throw unreadable(type, e);
    }
  }

  @Override
  public <T> List<T> readAll(Class<T> type, byte[] json, int offset, int length) {
    if (!upcasters.isEmpty()) {
      return StateSerializer.super.readAll(type, json, offset, length);
    }
    try {
      return MAPPER
          .readerForListOf(type)
          .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .readValue(json, offset, length);
    } catch (JacksonException e) {
      throw unreadable(type, e);
    }
  }

  private static IllegalArgumentException unreadable(Class<?> type, JacksonException why) {
    return new IllegalArgumentException(
        "not a " + type.getSimpleName() + ": " + why.getOriginalMessage(), why);
  }

  /** The form that a value says it has. */
  private static int form(byte[] json, int offset, int length) {
    try (JsonParser in = MAPPER.createParser(json, offset, length)) {
      in.nextToken();
      for (int i = 0; i < 2 && in.nextToken() == JsonToken.PROPERTY_NAME; i++) {
        String name = in.currentName();
        JsonToken value = in.nextToken();
        if (name.equals("form") && value == JsonToken.VALUE_NUMBER_INT) {
          return in.getIntValue();
        }
        in.skipChildren();
      }
    }
    return FORM;
  }

  private <T> T lifted(Class<T> type, int form, byte[] json, int offset, int length) {
    Map<String, @Nullable Object> fields =
        MAPPER.readerFor(Map.class).readValue(json, offset, length);
    fields.remove("form");
    int first = form - FORM + upcasters.size();
    if (first < 0) {
      throw new IllegalArgumentException(
          "a %s of form %d, which is too old".formatted(type.getSimpleName(), form));
    }
    upcasters.subList(first, upcasters.size()).forEach(upcaster -> upcaster.lift(type, fields));
    return MAPPER.convertValue(fields, type);
  }

  @Override
  public String name(String text) {
    return KeyNames.PERCENT_ENCODED.name(text);
  }

  /** A record as a JSON value in plain Java, as {@link Json} has them. */
  public static @Nullable Object toJson(@Nullable Object value) {
    return Json.freezeAround(MAPPER.convertValue(value, Object.class));
  }

  /**
   * A record from a JSON value.
   *
   * @throws IllegalArgumentException when the value is no such record
   */
  public static <T> T fromJson(@Nullable Object json, Class<T> type) {
    try {
      return MAPPER.convertValue(json, type);
    } catch (JacksonException e) {
      throw unreadable(type, e);
    }
  }

  private static JsonMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(Json.MAX_DEPTH + 2 * Json.DEPTH_AROUND)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE) // what was written must be readable
                    .build())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .rootValueSeparator("")
            .build();
    SimpleModule module = new SimpleModule("torpor");
    module.addSerializer(Instant.class, new TimeWriter());
    module.addDeserializer(Instant.class, new TimeReader());
    module.addSerializer(Duration.class, new SecondsWriter());
    module.addDeserializer(Duration.class, new SecondsReader());
    module.addDeserializer(ImportedEntry.class, new ImportedEntryReader());
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .annotationIntrospector(new LowerCaseNames())
        .changeDefaultPropertyInclusion(
            inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(tools.jackson.databind.MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .addModule(module)
        .addMixIn(Change.class, Typed.class)
        .addMixIn(Task.class, Timed.class)
        .addMixIn(TaskSpec.class, Timed.class)
        .registerSubtypes(changeTypes())
        .build();
  }

  /** Each kind of change under its name in snake case: {@code message_appended}. */
  private static NamedType[] changeTypes() {
    return kinds(Change.class)
        .map(type -> new NamedType(type, snakeCase(type.getSimpleName())))
        .toArray(NamedType[]::new);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Stream.of(type.getPermittedSubclasses()).flatMap(JsonStateSerializer::kinds);
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Typed {}

  private interface Timed {
    @JsonProperty("timeout_seconds")
    @Nullable Duration timeout();
  }

  /** Constants by their names in lower case. */
  private static final class LowerCaseNames
      extends tools.jackson.databind.introspect.JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public String[] findEnumValues(
        tools.jackson.databind.cfg.MapperConfig<?> config,
        tools.jackson.databind.introspect.AnnotatedClass type,
        Enum<?>[] constants,
        String[] names) {
      for (int i = 0; i < constants.length; i++) {
        names[i] = constants[i].name().toLowerCase(Locale.ROOT);
      }
      return names;
    }
  }

  private static final class SecondsWriter extends ValueSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator out, SerializationContext context) {
      out.writeNumber(
          BigDecimal.valueOf(value.getSeconds())
              .add(BigDecimal.valueOf(value.getNano(), 9))
              .stripTrailingZeros()
              .toPlainString());
    }
  }

  private static final class SecondsReader extends ValueDeserializer<Duration> {
    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) {
      BigDecimal seconds = in.getDecimalValue();
      return Duration.ofSeconds(
          seconds.longValue(), seconds.remainder(BigDecimal.ONE).movePointRight(9).intValue());
    }
  }

  /** The key, which is written first, says of what type the value is. */
  private static final class ImportedEntryReader extends ValueDeserializer<ImportedEntry> {
    @Override
    public ImportedEntry deserialize(JsonParser in, DeserializationContext context) {
      String key = "";
      long version = 0;
      Object value = "";
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "key" -> key = in.getString();
          case "version" -> version = in.getLongValue();
          case "value" -> value = context.readValue(in, Keys.valueType(key));
          default -> in.skipChildren();
        }
      }
      return new ImportedEntry(key, version, value);
    }
  }
}
