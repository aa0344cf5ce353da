package dev.torpor.store.file;

import dev.torpor.store.file.journal.Segment;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A manifest's fields as JSON, put together by hand: every start waits for this, and a mapper that
 * has to find out first what the records look like takes ten times as long. Within a format fields
 * may be added: those that are not known are passed over.
 */
final class ManifestJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private ManifestJson() {}

  static byte[] encoded(Manifest manifest) {
    ObjectNode fields =
        MAPPER
            .createObjectNode()
            .put("generation", manifest.generation())
            .put("format", manifest.format())
            .put("store", manifest.store())
            .put("shards", manifest.shards())
            .put("shard_function", manifest.shardFunction());
    ArrayNode segments = fields.putArray("segments");
    for (Segment segment : manifest.segments()) {
      segments.addObject().put("number", segment.number()).put("size", segment.size());
    }
    ArrayNode packs = fields.putArray("packs");
    for (PackDescription pack : manifest.packs()) {
      ObjectNode each =
          packs
              .addObject()
              .put("number", pack.number())
              .put("from", pack.from())
              .put("to", pack.to())
              .put("entries", pack.entries())
              .put("removals", pack.removals());
      each.putObject("pack").put("size", pack.pack().size()).put("crc", pack.pack().crc());
      each.putObject("twin").put("size", pack.twin().size()).put("crc", pack.twin().crc());
    }
    fields.put("erased", manifest.erased());
    return MAPPER.writeValueAsBytes(fields);
  }

  /**
   * Parses what has fields.
   *
   * @throws JacksonException if it is no JSON
   */
  static JsonNode parsed(byte[] json) {
    return MAPPER.readTree(json);
  }

  /** Returns the version of the format; 0 if it is not said. */
  static int format(JsonNode fields) {
    return fields.path("format").asInt(0);
  }

  /**
   * Returns what the fields say.
   *
   * @throws JacksonException if one is missing or has another type
   * @throws IllegalArgumentException if one says what no manifest does
   */
  static Manifest decoded(JsonNode fields) {
    return new Manifest(
        number(fields, "generation"),
        format(fields),
        fields.required("store").stringValue(),
        fields.required("shards").intValue(),
        fields.required("shard_function").stringValue(),
        list(fields.required("segments"), ManifestJson::segment),
        fields.has("packs") ? list(fields.required("packs"), ManifestJson::pack) : List.of(),
        fields.path("erased").asLong(0)); // an early one does not say it
  }

  private static Segment segment(JsonNode fields) {
    return new Segment(number(fields, "number"), number(fields, "size"));
  }

  private static PackDescription pack(JsonNode fields) {
    return new PackDescription(
        number(fields, "number"),
        number(fields, "from"),
        number(fields, "to"),
        number(fields, "entries"),
        number(fields, "removals"),
        stored(fields.required("pack")),
        stored(fields.required("twin")));
  }

  private static StoredFile stored(JsonNode fields) {
    return new StoredFile(number(fields, "size"), fields.required("crc").stringValue());
  }

  private static long number(JsonNode fields, String name) {
    return fields.required(name).longValue();
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> element) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("a list was expected, not " + array.getNodeType());
    }
    List<T> all = new ArrayList<>();
    array.forEach(node -> all.add(element.apply(node)));
    return all;
  }
}
