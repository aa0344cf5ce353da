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
 */
record Progress(
    long seq, String sessions, String deleted, Written.@Nullable Lines events, long eventsKept) {
  static final String FILE = "system/documents.json";

  /** Of a store that has no documents. */
  static final Progress NONE = new Progress(0, "", "", null, 0);

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** What a state folder says; {@link #NONE} where it says nothing that can be trusted. */
  static Progress read(Disk disk, Path folder, String store) throws IOException {
    DocumentFile file = new DocumentFile(disk, folder, FILE);
    try {
      StateMetadata metadata = file.metadata();
      if (!metadata.sessionId().equals(store)) {
        return NONE;
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
      JsonNode events = fields.path("events");
      return new Progress(
          metadata.seq(),
          fields.path("active_sessions").path("content").asString(""),
          fields.path("deleted").path("content").asString(""),
          events.isMissingNode()
              ? null
              : new Written.Lines(
                  0, events.path("bytes").asLong(0), events.path("lines").asLong(0)),
          events.path("kept").asLong(0));
    } catch (NoSuchFileException | DamagedDocumentException e) {
      return NONE;
    }
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
                out.writeObjectPropertyStart("events");
                out.writeNumberProperty("bytes", events.bytes());
                out.writeNumberProperty("lines", events.lines());
                out.writeNumberProperty("kept", eventsKept);
                out.writeEndObject();
              }
              out.writeEndObject();
            })) {
      rendering.writeTo(tools.folder().resolve(FILE));
    }
  }

  private static void content(tools.jackson.core.JsonGenerator out, String name, String content) {
    if (!content.isEmpty()) {
      out.writeObjectPropertyStart(name);
      out.writeStringProperty("content", content);
      out.writeEndObject();
    }
  }

  Progress at(long seq) {
    return new Progress(seq, sessions, deleted, events, eventsKept);
  }

  Progress withSessions(String content) {
    return new Progress(seq, content, deleted, events, eventsKept);
  }

  Progress withDeleted(String content) {
    return new Progress(seq, sessions, content, events, eventsKept);
  }

  Progress withEvents(Written.@Nullable Lines events, long kept) {
    return new Progress(seq, sessions, deleted, events, kept);
  }
}
