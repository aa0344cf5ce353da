package dev.torpor.store.file.document;

import dev.torpor.store.StateSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/**
 * Values, as the serializer writes them, as pieces of documents. A value that is an object gives
 * its fields to the document; one that is not, since a serializer seals it, stands there under
 * {@value #SEALED}. Not thread-safe.
 */
final class Pieces {
  static final String SEALED = "_sealed";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder() // what was written must be readable
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxDocumentLength(Long.MAX_VALUE)
                  .build())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  /** A line for each field and item, so that a comparison by lines shows what changed. */
  private static final DefaultPrettyPrinter LINES = lines();

  private final StateSerializer serializer;
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
  private final StateSerializer.ValueWriter writer;

  Pieces(StateSerializer serializer) {
    this.serializer = serializer;
    this.writer = serializer.writer(buffer);
  }

  private static DefaultPrettyPrinter lines() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""))
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }

  private static final class InLines extends ObjectWriteContext.Base {
    @Override
    public PrettyPrinter getPrettyPrinter() {
      return LINES.createInstance();
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }

  /** What writes a document, a line for each field and item. */
  static JsonGenerator generator(OutputStream out) {
    return JSON.createGenerator(new InLines(), out);
  }

  static JsonParser parser(InputStream in) {
    return JSON.createParser(ObjectReadContext.empty(), in);
  }

  static JsonParser parser(byte[] json) {
    return JSON.createParser(ObjectReadContext.empty(), json);
  }

  /** A value as the serializer writes it. */
  byte[] encoded(Object value) throws IOException {
    buffer.reset();
    writer.write(value);
    return buffer.toByteArray();
  }

  /** Writes a value. */
  void value(JsonGenerator out, Object value) throws IOException {
    copy(out, encoded(value));
  }

  /** Writes a value's fields into the object that is being written. */
  void fields(JsonGenerator out, Object value) throws IOException {
    byte[] json = encoded(value);
    try (JsonParser in = parser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        out.writeName(SEALED);
        out.copyCurrentStructureExact(in);
        return;
      }
      while (in.nextToken() != JsonToken.END_OBJECT) {
        out.copyCurrentStructureExact(in);
      }
    }
  }

  static void copy(JsonGenerator out, byte[] json) {
    try (JsonParser in = parser(json)) {
      in.nextToken();
      out.copyCurrentStructureExact(in);
    }
  }

  /** The value at which a parser is, as the serializer wrote it but for space. */
  static byte[] compact(JsonParser in) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.copyCurrentStructureExact(in);
    }
    return bytes.toByteArray();
  }

  <T> T read(Class<T> type, byte[] json) {
    return serializer.read(type, json, 0, json.length);
  }

  /** Gathers the fields that {@link #fields} wrote among others, and makes the value of them. */
  static final class Fields {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes);
    private byte[] sealed = {};

    Fields() {
      out.writeStartObject();
    }

    /** Takes the field at whose name a parser is. */
    void take(JsonParser in) {
      if (in.currentName().equals(SEALED)) {
        in.nextToken();
        sealed = compact(in);
      } else {
        out.copyCurrentStructureExact(in);
      }
    }

    /** The value as the serializer wrote it but for space. */
    byte[] json() {
      out.writeEndObject();
      out.close();
      return sealed.length > 0 ? sealed : bytes.toByteArray();
    }
  }
}
