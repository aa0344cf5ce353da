package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.state.Loss;
import dev.torpor.state.Session;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the documents of a damaged agent can bring it back, and what they say. Nothing
 * that is older than what can be read of it, deleted, or of an earlier life may come back: versions
 * of an agent go on over its lives, and its damage has one above all that are known.
 *
 * @param folder the state folder
 */
public record SavedReader(
    Disk disk, Path folder, StateSerializer serializer, StateValidator validator) {

  /**
   * Reads them.
   *
   * @param source the entries
   */
  public SavedAgent read(String agent, DocumentSource source) throws IOException {
    Session damaged;
    Loss loss;
    try (Snapshot snapshot = source.of(agent)) {
      Entry session = snapshot.get(Keys.session(agent));
      Entry lost = snapshot.get(Keys.loss(agent));
      if (session == null
          || lost == null
          || ((Session) session.value()).status() != AgentStatus.DAMAGED) {
        return SavedAgent.refused(agent, 0, "it is not damaged");
      }
      damaged = (Session) session.value();
      loss = (Loss) lost.value();
    }
    return read(agent, damaged, loss);
  }

  private SavedAgent read(String agent, Session damaged, Loss loss) throws IOException {
    TreeMap<String, Entry> entries = new TreeMap<>();
    StateMetadata metadata;
    try {
      metadata =
          new DocumentReader(disk, folder, serializer)
              .read(agent, entry -> entries.put(entry.key(), entry));
    } catch (NoSuchFileException e) {
      return SavedAgent.refused(agent, 0, "it has no documents");
    } catch (DamagedDocumentException e) {
      return SavedAgent.refused(agent, 0, String.valueOf(e.getMessage()));
    }
    long version = metadata.version();
    Session session = (Session) Objects.requireNonNull(entries.get(Keys.session(agent))).value();
    String why = refusal(session, version, damaged, loss);
    if (why != null) {
      return SavedAgent.refused(agent, version, why);
    }
    List<String> broken = Validation.broken(validator, agent, entries);
    entries.remove(Keys.session(agent));
    return broken.isEmpty()
        ? new SavedAgent(agent, version, null, session, imported(entries))
        : SavedAgent.refused(agent, version, String.join("; ", broken));
  }

  private static @Nullable String refusal(
      Session session, long version, Session damaged, Loss loss) {
    long highest = damaged.version() - 1;
    if (version < highest) {
      return "they show version %d, and it was at %d at least".formatted(version, highest);
    }
    boolean isCreationKnown = !damaged.createdAt().equals(loss.at());
    if (session.version() != version
        || session.status() == AgentStatus.DAMAGED
        || (isCreationKnown && !damaged.createdAt().equals(session.createdAt()))) {
      return "they are those of another life";
    }
    return null;
  }

  private static List<ImportedEntry> imported(TreeMap<String, Entry> entries) {
    return entries.values().stream()
        .map(entry -> new ImportedEntry(entry.key(), entry.version(), entry.value()))
        .toList();
  }
}
