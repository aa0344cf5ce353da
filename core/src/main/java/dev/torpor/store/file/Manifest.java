package dev.torpor.store.file;

import dev.torpor.store.file.journal.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is live in a state folder.
 *
 * @param generation counts the times that it was written
 * @param format the version of the folder's format
 * @param store the store's id
 * @param segments the journal's, by number
 */
record Manifest(
    long generation,
    int format,
    String store,
    int shards,
    String shardFunction,
    List<Segment> segments) {
  static final int FORMAT = 1;

  private static final String SHARD_FUNCTION = "crc32c_lower_case_id_mod_256";
  private static final String CHECKSUM_FIELD = "{\"_checksum\":\"";
  private static final int BODY = CHECKSUM_FIELD.length() + 8 + 2;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  Manifest {
    segments = List.copyOf(segments);
  }

  static Manifest first(String store) {
    return new Manifest(0, FORMAT, store, 1, SHARD_FUNCTION, List.of());
  }

  /** The next generation, with these segments. */
  Manifest with(List<Segment> segments) {
    return new Manifest(generation + 1, format, store, shards, shardFunction, segments);
  }

  byte[] encoded() {
    byte[] json = MAPPER.writeValueAsBytes(this);
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + BODY + 1);
    String checksum = checksum(json, 1, json.length - 1);
    out.writeBytes((CHECKSUM_FIELD + checksum + "\",").getBytes(StandardCharsets.US_ASCII));
    out.write(json, 1, json.length - 1);
    out.write('\n');
    return out.toByteArray();
  }

  /** Reads what {@link #encoded()} gave; null when a byte of it changed. */
  static @Nullable Manifest decoded(byte[] file) {
    if (file.length < BODY + 2 || file[file.length - 1] != '\n') {
      return null;
    }
    String head = new String(file, 0, BODY, StandardCharsets.US_ASCII);
    String expected = CHECKSUM_FIELD + checksum(file, BODY, file.length - BODY - 1) + "\",";
    if (!head.equals(expected)) {
      return null;
    }
    byte[] json = new byte[file.length - BODY + 1];
    json[0] = '{';
    System.arraycopy(file, BODY, json, 1, file.length - BODY);
    try {
      return MAPPER.readValue(json, Manifest.class);
    } catch (JacksonException e) {
      return null; // a good checksum over other fields: of no format that this code knows
    }
  }

  private static String checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
