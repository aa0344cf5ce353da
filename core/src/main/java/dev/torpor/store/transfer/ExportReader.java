package dev.torpor.store.transfer;

import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.store.StateSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads an export, entry by entry, and checks every byte of it. Whether it is complete is known
 * only when {@link #next} has come to its end. Not thread-safe.
 */
public final class ExportReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder() // what was written must be readable
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final LineInput lines;
  private final StateSerializer serializer;
  private final CRC32C sum = new CRC32C();
  private final Fields header;
  private long count;
  private long agents;
  private long lineBytes;
  private String last = "";
  private boolean ended;

  /** What a line says; where a value is, which may be large, and else what is small. */
  private static final class Fields {
    long export = -1;
    long seq = -1;
    @Nullable String agent;
    @Nullable String key;
    long version = -1;
    int valueStart = -1;
    int valueEnd = -1;
    long end = -1;
    long agents = -1;
    @Nullable String sum;
  }

  /**
   * Begins to read.
   *
   * @param in an export that is not compressed, best buffered; it is not closed here
   * @throws BadExportException when it does not begin as an export does, or as one of a newer
   *     format
   */
  public ExportReader(InputStream in, StateSerializer serializer) throws IOException {
    this.lines = new LineInput(in);
    this.serializer = serializer;
    Fields first = lines.next() && LineSums.isGood(lines.bytes(), lines.length()) ? fields() : null;
    if (first == null || first.export < 0) {
      throw new BadExportException("it is no export: it does not begin as one does");
    }
    if (first.export > ExportWriter.FORMAT) {
      throw new BadExportException(
          "it is of format %d, newer than this Torpor's %d; use a newer Torpor"
              .formatted(first.export, ExportWriter.FORMAT));
    }
    header = first;
    take();
  }

  /** As of which commit of the other store it tells. */
  public long seq() {
    return header.seq;
  }

  /** Of which agent alone it tells; null when of all. */
  public @Nullable String agent() {
    return header.agent;
  }

  /**
   * The next entry; null when the export has ended as it must.
   *
   * @throws BadExportException when it is torn, or a byte of it is not as it was written
   */
  public @Nullable ImportedEntry next() throws IOException {
    if (ended) {
      return null;
    }
    if (!lines.next()) {
      throw new BadExportException(
          "it is torn: it has no last line that says it is complete (%d lines are there)"
              .formatted(count));
    }
    if (!LineSums.isGood(lines.bytes(), lines.length())) {
      throw new BadExportException("line %d is damaged".formatted(count + 1));
    }
    Fields fields = fields();
    if (fields.end >= 0) {
      end(fields);
      return null;
    }
    ImportedEntry entry = entry(fields);
    take();
    return entry;
  }

  private ImportedEntry entry(Fields fields) throws BadExportException {
    String key = fields.key;
    if (key == null || key.isEmpty() || fields.version < 0 || fields.valueStart < 0) {
      throw new BadExportException("line %d is no entry".formatted(count + 1));
    }
    if (Keys.compare(key, last) <= 0) {
      throw new BadExportException("line %d is not in order".formatted(count + 1));
    }
    last = key;
    try {
      Object value =
          serializer.read(
              Keys.valueType(key),
              lines.bytes(),
              fields.valueStart,
              fields.valueEnd - fields.valueStart);
      agents += ExportWriter.isAgent(key, value) ? 1 : 0;
      return new ImportedEntry(key, fields.version, value);
    } catch (IllegalArgumentException e) {
      throw new BadExportException(
          "line %d is none that this Torpor knows: %s".formatted(count + 1, e.getMessage()), e);
    }
  }

  private void end(Fields fields) throws IOException {
    boolean complete =
        fields.end == count && fields.agents == agents && LineSums.digits(sum).equals(fields.sum);
    if (!complete) {
      throw new BadExportException(
          "it is not complete: its last line tells of %d lines and %d agents, and there are %d and %d"
              .formatted(fields.end, fields.agents, count, agents));
    }
    if (lines.next()) {
      throw new BadExportException("something stands behind its end");
    }
    ended = true;
  }

  /** The line counts. */
  private void take() {
    sum.update(lines.bytes(), 0, lines.length());
    sum.update('\n');
    lineBytes = lines.length() + 1L;
    count++;
  }

  /** How many agents there were up to here; the mailbox for people is none. */
  public long agents() {
    return agents;
  }

  /** How many entries there were up to here. */
  public long entries() {
    return count - 1;
  }

  /** How long the line of the last entry was. */
  public long lineBytes() {
    return lineBytes;
  }

  private Fields fields() throws BadExportException {
    Fields fields = new Fields();
    try (JsonParser in =
        JSON.createParser(ObjectReadContext.empty(), lines.bytes(), 0, lines.length())) {
      in.nextToken();
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        in.nextToken();
        read(name, in, fields);
      }
    } catch (JacksonException e) {
      throw new BadExportException("line %d is no JSON".formatted(count + 1), e);
    }
    return fields;
  }

  /** Fields that are not known are passed over. */
  private static void read(String name, JsonParser in, Fields fields) {
    switch (name) {
      case "export" -> fields.export = in.getLongValue();
      case "seq" -> fields.seq = in.getLongValue();
      case "agent" -> fields.agent = in.getString();
      case "key" -> fields.key = in.getString();
      case "version" -> fields.version = in.getLongValue();
      case "end" -> fields.end = in.getLongValue();
      case "agents" -> fields.agents = in.getLongValue();
      case "sum" -> fields.sum = in.getString();
      case "value" -> {
        fields.valueStart = (int) in.currentTokenLocation().getByteOffset();
        in.skipChildren();
        in.finishToken();
        fields.valueEnd = (int) in.currentLocation().getByteOffset();
      }
      default -> in.skipChildren();
    }
  }
}
