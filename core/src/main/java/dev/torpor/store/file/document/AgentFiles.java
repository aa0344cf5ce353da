package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The documents of agents as they are on disk, without what they say.
 *
 * @param folder the state folder
 */
record AgentFiles(Disk disk, Path folder) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  DocumentFile document(Part part, String agent) {
    return new DocumentFile(disk, folder, part.file(agent));
  }

  DocumentFile named(String name) {
    return new DocumentFile(disk, folder, name);
  }

  LinesFile lines(Part part, String agent) {
    return new LinesFile(disk, folder, part.file(agent));
  }

  /**
   * What an agent's own document names.
   *
   * @throws NoSuchFileException when there is none
   * @throws DamagedDocumentException when it is not as it was written
   */
  AgentSet set(String agent) throws IOException {
    DocumentFile file = document(Part.SESSION, agent);
    long[] numbers = new long[2];
    byte[][] documents = new byte[1][];
    String[] id = {""};
    file.read(
        (name, in) -> {
          in.nextToken();
          switch (name) {
            case "_version" -> numbers[0] = in.getLongValue();
            case "_seq" -> numbers[1] = in.getLongValue();
            case "_session_id" -> id[0] = in.getString();
            case "documents" -> documents[0] = Pieces.compact(in);
            default -> in.skipChildren();
          }
        });
    if (!agent.equals(id[0])) {
      throw file.damaged("it is another agent's", null);
    }
    if (documents[0] == null) {
      throw file.damaged("it names no documents", null);
    }
    JsonNode fields = MAPPER.readTree(documents[0]);
    Map<Part, Written> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      JsonNode written = fields.get(part.field());
      if (written != null) {
        parts.put(part, written(part, written));
      }
    }
    return new AgentSet(numbers[0], numbers[1], fields.path("created_at").asString(""), parts);
  }

  private static Written written(Part part, JsonNode fields) {
    long version = fields.path("version").asLong(0);
    long bytes = fields.path("bytes").asLong(0);
    return part.isLines()
        ? new Written.Lines(version, bytes, fields.path("lines").asLong(0))
        : new Written.Whole(
            version,
            bytes,
            fields.path("checksum").asString(""),
            fields.path("content").asString(""),
            new Written.Kept(texts(fields.path("recent")), texts(fields.path("pending_replies"))));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(item -> texts.add(item.asString("")));
    return texts;
  }

  /**
   * Checks that a document is as another says.
   *
   * @throws DamagedDocumentException when it is not as it was written, or not there
   * @throws OtherDocumentException when it is as it was written, but another time
   */
  void check(Part part, String agent, Written written) throws IOException {
    try {
      switch (written) {
        case Written.Whole whole -> {
          if (!document(part, agent).check().equals(whole.checksum())) {
            throw new OtherDocumentException(part.file(agent));
          }
        }
        case Written.Lines lines -> {
          LinesFile file = lines(part, agent);
          if (file.size() < lines.bytes()) {
            throw file.damaged("it is shorter than it was made");
          }
          long[] count = {0};
          var _ =
              file.read(
                  lines.bytes(),
                  line -> {
                    if (count[0]++ == 0 && !LinesFile.isFirst(line, agent, part.field())) {
                      throw file.damaged("it is another agent's");
                    }
                  });
          if (count[0] != lines.lines()) {
            throw file.damaged("it has other lines than it had");
          }
        }
      }
    } catch (NoSuchFileException e) {
      throw new DamagedDocumentException(part.file(agent), "it is missing", e);
    }
  }

  boolean exists(Part part, String agent) {
    return disk.exists(folder.resolve(part.file(agent)));
  }

  /**
   * Checks that a document, if it is there, is as it was written some time. What is behind the last
   * line of one of lines was being written.
   *
   * @throws DamagedDocumentException when it is not
   */
  void checkItself(Part part, String agent) throws IOException {
    try {
      if (part.isLines()) {
        var _ = lines(part, agent).readWhole(_ -> {});
      } else {
        var _ = document(part, agent).check();
      }
    } catch (NoSuchFileException e) {
      // It was taken away, or is to come.
    }
  }

  /** What is there and can be trusted; null when the agent's own document cannot be. */
  @Nullable AgentSet trusted(String agent) throws IOException {
    AgentSet set;
    try {
      set = set(agent);
    } catch (NoSuchFileException | DamagedDocumentException e) {
      return null;
    }
    for (Map.Entry<Part, Written> part : set.parts().entrySet()) {
      try {
        check(part.getKey(), agent, part.getValue());
      } catch (DamagedDocumentException | OtherDocumentException e) {
        set = set.without(part.getKey());
      }
    }
    return set;
  }

  /** Removes all of an agent's documents, its own first, so that no whole set remains. */
  void delete(String agent) throws IOException {
    for (Part part : Part.values()) {
      disk.delete(folder.resolve(part.file(agent)));
    }
  }

  /** A document is whole, but not the one that is named. */
  static final class OtherDocumentException extends IOException {
    private static final long serialVersionUID = 1L;

    OtherDocumentException(String file) {
      super(file + ": it was written another time than the others");
    }
  }
}
