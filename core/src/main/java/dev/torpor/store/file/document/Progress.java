package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.store.StateMetadata;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far documents are projected: {@code system/documents.json}.
 *
 * @param seq every change up to this sequence number is in the documents; it is durable
 * @param sessions CRC32C of what {@code system/active_sessions.json} says
 * @param deleted the same of {@code system/deleted.json}
 * @param events what there is of {@code system/events.jsonl}; null for none
 * @param eventsKept how many lines it had when it was last made anew
 * @param requests what there is of {@code system/requests.jsonl}; null for none
 */
record Progress(
    long seq,
    String sessions,
    String deleted,
    Written.@Nullable Lines events,
    long eventsKept,
    @Nullable Requests requests) {
  static final String FILE = "system/documents.json";

  /** Of a store that has no documents. */
  static final Progress NONE = new Progress(0, "", "", null, 0, null);

  /**
   * Requests that were carried out under idempotency keys.
   *
   * @param seq they are all there that were so up to this sequence number
   */
  record Requests(long seq, Written.Lines lines) {}

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** What a state folder says; {@link #NONE} where it says nothing that can be trusted. */
  static Progress read(Disk disk, Path folder, String store) {
    try {
      return checked(disk, folder, store);
    } catch (IOException e) { // it is not there, damaged, or cannot be read
      return NONE;
    }
  }

  /**
   * What a state folder says.
   *
   * @throws NoSuchFileException when it says nothing
   * @throws DamagedDocumentException when that cannot be trusted
   */
  static Progress checked(Disk disk, Path folder, String store) throws IOException {
    DocumentFile file = new DocumentFile(disk, folder, FILE);
    StateMetadata metadata = file.metadata();
    if (!metadata.sessionId().equals(store)) {
      throw file.damaged("it is another store's", null);
    }
    byte[][] projected = {{'{', '}'}};
    file.read(
        (name, in) -> {
          in.nextToken();
          if (name.equals("documents")) {
            projected[0] = Pieces.compact(in);
          } else {
            in.skipChildren();
          }
        });
    JsonNode fields = MAPPER.readTree(projected[0]);
    JsonNode requests = fields.path("requests");
    Written.Lines ofRequests = lines(requests);
    return new Progress(
        metadata.seq(),
        fields.path("active_sessions").path("content").asString(""),
        fields.path("deleted").path("content").asString(""),
        lines(fields.path("events")),
        fields.path("events").path("kept").asLong(0),
        ofRequests == null ? null : new Requests(requests.path("seq").asLong(0), ofRequests));
  }

  private static Written.@Nullable Lines lines(JsonNode fields) {
    return fields.isMissingNode()
        ? null
        : new Written.Lines(0, fields.path("bytes").asLong(0), fields.path("lines").asLong(0));
  }

  void write(AgentProjection.Tools tools, String store) throws IOException {
    Instant now = tools.now();
    try (Rendering rendering =
        Rendering.of(
            tools.workplace(),
            new StateMetadata(0, seq, now, store),
            out -> {
              out.writeObjectPropertyStart("documents");
              content(out, "active_sessions", sessions);
              content(out, "deleted", deleted);
              if (events != null) {
                lines(out, "events", events);
                out.writeNumberProperty("kept", eventsKept);
                out.writeEndObject();
              }
              if (requests != null) {
                lines(out, "requests", requests.lines());
                out.writeNumberProperty("seq", requests.seq());
                out.writeEndObject();
              }
              out.writeEndObject();
            })) {
      rendering.writeTo(tools.folder().resolve(FILE));
    }
  }

  private static void lines(tools.jackson.core.JsonGenerator out, String name, Written.Lines of) {
    out.writeObjectPropertyStart(name);
    out.writeNumberProperty("bytes", of.bytes());
    out.writeNumberProperty("lines", of.lines());
  }

  private static void content(tools.jackson.core.JsonGenerator out, String name, String content) {
    if (!content.isEmpty()) {
      out.writeObjectPropertyStart(name);
      out.writeStringProperty("content", content);
      out.writeEndObject();
    }
  }

  Progress at(long seq) {
    return new Progress(seq, sessions, deleted, events, eventsKept, requests);
  }

  Progress withSessions(String content) {
    return new Progress(seq, content, deleted, events, eventsKept, requests);
  }

  Progress withDeleted(String content) {
    return new Progress(seq, sessions, content, events, eventsKept, requests);
  }

  Progress withEvents(Written.@Nullable Lines events, long kept) {
    return new Progress(seq, sessions, deleted, events, kept, requests);
  }

  Progress withRequests(@Nullable Requests requests) {
    return new Progress(seq, sessions, deleted, events, eventsKept, requests);
  }
}
