package dev.torpor.store;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Finds the values of a JSON list, and has each read alone. */
final class ListReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder() // what was written must be readable
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private ListReader() {}

  static <T> List<T> read(
      StateSerializer serializer, Class<T> type, byte[] json, int offset, int length) {
    List<T> values = new ArrayList<>();
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json, offset, length)) {
      if (in.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException("no list");
      }
      while (in.nextToken() != JsonToken.END_ARRAY) {
        int start = offset + (int) in.currentTokenLocation().getByteOffset();
        in.skipChildren();
        in.finishToken();
        int end = offset + (int) in.currentLocation().getByteOffset();
        values.add(serializer.read(type, json, start, end - start));
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no list: " + e.getOriginalMessage(), e);
    }
    return values;
  }
}
