package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Event;
import dev.torpor.state.Keys;
import dev.torpor.store.StateSerializer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the documents of the store itself back into the entries that they show: who was deleted,
 * events, and requests under idempotency keys. Broadcasts that were on their way are passed over:
 * nobody sleeps any more since they were recorded.
 *
 * @param folder the state folder
 */
public record StoreReader(Disk disk, Path folder, StateSerializer serializer) {
  private static final Logger log = LoggerFactory.getLogger(StoreReader.class);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Of what says no sequence number of its own: before all that does. */
  private static final long BEFORE_ALL = 1;

  private interface Part {
    void read() throws IOException;
  }

  /** Reads them. One that is damaged is passed over as a whole, which the log tells. */
  public void read(DocumentReader.Sink sink) throws IOException {
    passingOver(() -> deleted(sink));
    passingOver(() -> events(sink));
    passingOver(() -> lines(StoreProjection.REQUESTS, StoreProjection.ALL_REQUESTS).forEach(sink));
  }

  private static void passingOver(Part part) throws IOException {
    try {
      part.read();
    } catch (NoSuchFileException e) {
      // There was nothing to say.
    } catch (DamagedDocumentException e) {
      log.warn("what {} said is lost: {}", e.file(), e.what());
    }
  }

  private void deleted(DocumentReader.Sink sink) throws IOException {
    byte[][] agents = {{'{', '}'}};
    new DocumentFile(disk, folder, StoreProjection.DELETED)
        .read(
            (name, in) -> {
              in.nextToken();
              if (name.equals("agents")) {
                agents[0] = Pieces.compact(in);
              } else {
                in.skipChildren();
              }
            });
    for (Map.Entry<String, JsonNode> agent : MAPPER.readTree(agents[0]).properties()) {
      String id = agent.getKey();
      long version = agent.getValue().path("version").asLong(0);
      Instant at = Instant.parse(agent.getValue().path("at").asString(""));
      sink.entry(new Entry(Keys.deleted(id), 0, BEFORE_ALL, new Deleted(id, version, at)));
    }
  }

  private void events(DocumentReader.Sink sink) throws IOException {
    Lines events = lines(StoreProjection.EVENTS, StoreProjection.ALL_EVENTS);
    events.forEach(sink);
    Entry latest = null;
    for (Entry event : events.byKey().values()) {
      latest = latest == null || event.seq() > latest.seq() ? event : latest;
    }
    if (latest != null && latest.value() instanceof Event event) {
      sink.entry(new Entry(Keys.LAST_EVENT, 0, latest.seq(), event));
    }
  }

  /** What a document of lines shows, by key. */
  private record Lines(Map<String, Entry> byKey) {
    void forEach(DocumentReader.Sink sink) throws IOException {
      for (Entry entry : byKey.values()) {
        sink.entry(entry);
      }
    }
  }

  private Lines lines(String file, String prefix) throws IOException {
    Pieces pieces = new Pieces(serializer);
    Map<String, Entry> byKey = new HashMap<>();
    boolean[] first = {true};
    var _ =
        new LinesFile(disk, folder, file)
            .readWhole(
                line -> {
                  Shown shown = first[0] ? null : Shown.of(line);
                  first[0] = false;
                  if (shown != null && shown.id().startsWith(prefix)) {
                    byKey.remove(shown.id());
                    byte[] value = shown.value();
                    if (value != null) {
                      byKey.put(shown.id(), shown.entry(shown.id(), value, pieces));
                    }
                  }
                });
    return new Lines(byKey);
  }

  /**
   * A line that shows an entry.
   *
   * @param value null where it shows that there is none any more
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Shown(String id, long version, long seq, byte @Nullable [] value) {
    static Shown of(byte[] line) throws IOException {
      String id = "";
      long version = 0;
      long seq = 0;
      byte[] value = null;
      try (var in = Pieces.parser(line)) {
        in.nextToken();
        while (in.nextToken() != tools.jackson.core.JsonToken.END_OBJECT) {
          String name = in.currentName();
          in.nextToken();
          switch (name) {
            case "id" -> id = in.getString();
            case "version" -> version = in.getLongValue();
            case "seq" -> seq = in.getLongValue();
            case "value" -> value = Pieces.compact(in);
            default -> in.skipChildren();
          }
        }
      }
      return new Shown(id, version, seq, value);
    }

    Entry entry(String key, byte[] json, Pieces pieces) throws IOException {
      return new Entry(key, version, seq, pieces.read(Keys.valueType(key), json));
    }
  }
}
