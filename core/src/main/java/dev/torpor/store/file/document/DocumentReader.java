package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.disk.Disk;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.StateSerializer;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads documents back into the entries that they show. Index entries have no documents: they
 * follow from the others. Whoever reads while documents are written may find some that do not
 * belong together; {@link Documents#compare} does not. Thread-safe.
 */
public final class DocumentReader {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final AgentFiles files;
  private final StateSerializer serializer;

  /** Takes what was read. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes an entry. One that comes later under the same key is right. Version and sequence number
     * are the entry's own where its document is one of lines, and those of the document otherwise.
     */
    void entry(Entry entry) throws IOException;
  }

  /**
   * @param folder the state folder
   * @param serializer the one that the documents were written with
   */
  public DocumentReader(Disk disk, Path folder, StateSerializer serializer) {
    this.files = new AgentFiles(disk, folder);
    this.serializer = serializer;
  }

  /** Ids of the agents, and perhaps of {@code user}, that have documents, by their names. */
  public List<String> agents() throws IOException {
    Path folder = files.folder().resolve(Part.SESSION.folder());
    List<String> ids = new ArrayList<>();
    for (Path file : files.disk().exists(folder) ? files.disk().list(folder) : List.<Path>of()) {
      String name = file.getFileName().toString();
      String agent = Part.agentOf(Part.SESSION.folder(), name);
      if (agent != null) {
        ids.add(agent);
      }
    }
    return ids;
  }

  /**
   * What an agent's own document says about itself; null when there is none that is as it was
   * written. Nothing is said of its other documents.
   */
  public @Nullable StateMetadata metadata(String agent) throws IOException {
    try {
      StateMetadata metadata = files.document(Part.SESSION, agent).metadata();
      return metadata.sessionId().equals(agent) ? metadata : null;
    } catch (NoSuchFileException | DamagedDocumentException e) {
      return null;
    }
  }

  /**
   * Reads all documents of an agent. Nothing is given away before all of them are checked.
   *
   * @return what the agent's own document says about itself
   * @throws NoSuchFileException when it has none
   * @throws DamagedDocumentException when one is missing, or not as it was written, or not as old
   *     as the others
   */
  public StateMetadata read(String agent, Sink sink) throws IOException {
    AgentSet set = files.set(agent);
    for (Map.Entry<Part, Written> part : set.parts().entrySet()) {
      try {
        files.check(part.getKey(), agent, part.getValue());
      } catch (AgentFiles.OtherDocumentException e) {
        throw new DamagedDocumentException(
            part.getKey().file(agent), "it was written another time than the others", e);
      }
    }
    Reading reading = new Reading(agent, sink);
    reading.session();
    for (Map.Entry<Part, Written> part : set.parts().entrySet()) {
      switch (part.getKey()) {
        case SLEEP -> reading.sleep();
        case TASKS -> reading.tasks();
        case CONTEXT, TASK_HISTORY, MAIL_HISTORY ->
            reading.lines(part.getKey(), part.getValue().bytes());
        case SESSION, MAILBOX -> {} // the history has all mail
      }
    }
    return files.document(Part.SESSION, agent).metadata();
  }

  /** The reading of one agent. */
  private final class Reading {
    private final String agent;
    private final Sink sink;
    private final Pieces pieces = new Pieces(serializer);
    private long version;
    private long seq;

    Reading(String agent, Sink sink) {
      this.agent = agent;
      this.sink = sink;
    }

    private void give(String key, Object value) throws IOException {
      sink.entry(new Entry(key, version, seq, value));
    }

    /** Passes over what a document says about itself; false where it is something else. */
    private boolean metadata(String name, JsonParser in) {
      switch (name) {
        case "_version" -> {
          in.nextToken();
          version = in.getLongValue();
        }
        case "_seq" -> {
          in.nextToken();
          seq = in.getLongValue();
        }
        case "_saved_at", "_session_id", "is_sleeping" -> in.nextToken();
        default -> {
          return false;
        }
      }
      return true;
    }

    void session() throws IOException {
      Pieces.Fields fields = new Pieces.Fields();
      files
          .document(Part.SESSION, agent)
          .read(
              (name, in) -> {
                if (metadata(name, in)) {
                  return;
                }
                switch (name) {
                  case "working_memory" -> memory(in);
                  case "sealed_memory" -> sealedMemory(in);
                  case "documents" -> {
                    in.nextToken();
                    in.skipChildren();
                  }
                  default -> fields.take(in);
                }
              });
      give(Keys.session(agent), pieces.read(Session.class, fields.json()));
    }

    private void memory(JsonParser in) throws IOException {
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String key = in.currentName();
        in.nextToken();
        // As the serializer wrote it: the key, and the value unless it is null.
        byte[] value = Pieces.compact(in);
        byte[] json =
            ("{\"key\":" + MAPPER.writeValueAsString(key) + ",\"value\":" + text(value) + "}")
                .getBytes(UTF_8);
        give(Keys.memory(agent, serializer.name(key)), pieces.read(MemoryItem.class, json));
      }
    }

    private static String text(byte[] json) {
      return new String(json, UTF_8);
    }

    private void sealedMemory(JsonParser in) throws IOException {
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        give(Keys.memory(agent, name), pieces.read(MemoryItem.class, Pieces.compact(in)));
      }
    }

    void sleep() throws IOException {
      Pieces.Fields fields = new Pieces.Fields();
      files
          .document(Part.SLEEP, agent)
          .read(
              (name, in) -> {
                if (!metadata(name, in)) {
                  fields.take(in);
                }
              });
      give(Keys.sleep(agent), pieces.read(Sleep.class, fields.json()));
    }

    /** Those that are not finished; the others are in the history. */
    void tasks() throws IOException {
      files
          .document(Part.TASKS, agent)
          .read(
              (name, in) -> {
                if (metadata(name, in)) {
                  return;
                }
                boolean open = List.of("pending_tasks", "in_progress", "waiting").contains(name);
                in.nextToken();
                while (open && in.nextToken() != JsonToken.END_ARRAY) {
                  task(in);
                }
                in.skipChildren();
              });
    }

    private void task(JsonParser in) throws IOException {
      Pieces.Fields fields = new Pieces.Fields();
      List<Step> steps = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        if (in.currentName().equals("_steps")) {
          in.nextToken();
          while (in.nextToken() != JsonToken.END_ARRAY) {
            steps.add(pieces.read(Step.class, Pieces.compact(in)));
          }
        } else {
          fields.take(in);
        }
      }
      Task task = pieces.read(Task.class, fields.json());
      for (int i = 0; i < steps.size(); i++) {
        give(Keys.step(agent, task.taskId(), i + 1), steps.get(i));
      }
      give(Keys.task(agent, task.taskId()), task);
    }

    void lines(Part part, long bytes) throws IOException {
      LinesFile file = files.lines(part, agent);
      boolean[] first = {true};
      var _ =
          file.read(
              bytes,
              line -> {
                if (!first[0]) { // whose it is was looked at before
                  entry(line);
                }
                first[0] = false;
              });
    }

    private void entry(byte[] line) throws IOException {
      StoreReader.Shown shown = StoreReader.Shown.of(line);
      byte[] value = shown.value();
      String key = Keys.agent(agent) + shown.id();
      sink.entry(shown.entry(key, value == null ? new byte[0] : value, pieces));
    }
  }
}
