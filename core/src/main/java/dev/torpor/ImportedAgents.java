package dev.torpor;

import dev.torpor.state.Event;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.store.transfer.ExportReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agents of an export, one after the other. A key is believed only as far as it is the one that
 * its value has here: so nobody's entry is another's, and names are as this store makes them. Not
 * thread-safe.
 */
final class ImportedAgents implements Closeable {
  /** Bytes of lines that go into one commit, whose line has at most 8 MiB; or one that has more. */
  static final long PORTION_BYTES = 3 << 20;

  /**
   * What timers and broadcasts find comes last, so that they pass over it for the shortest time.
   */
  private static final Comparator<ImportedEntry> IN_PORTIONS =
      Comparator.comparingInt(ImportedAgents::order);

  private final ExportReader reader;
  private final Closeable file;
  private final KeyNames names;
  private List<ImportedEntry> ofStore = new ArrayList<>();
  private @Nullable Reading current;
  private long storeBytes;

  ImportedAgents(ExportReader reader, Closeable file, KeyNames names) {
    this.reader = reader;
    this.file = file;
    this.names = names;
  }

  /** An agent of which not all is read. */
  private static final class Reading {
    final String id;
    final List<Sized> entries = new ArrayList<>();
    @Nullable Session session;

    Reading(String id) {
      this.id = id;
    }
  }

  private record Sized(ImportedEntry entry, long bytes) {}

  /**
   * Reads all that is left.
   *
   * @param taker gets each agent
   * @param storeTaker gets what belongs to no agent, as it fits into commits
   */
  void forEach(Consumer<ImportedAgent> taker, Consumer<List<ImportedEntry>> storeTaker)
      throws IOException {
    for (ImportedEntry entry = reader.next(); entry != null; entry = reader.next()) {
      String owner = Keys.owner(entry.key());
      if (current != null && !current.id.equals(owner)) {
        taker.accept(whole(current));
        current = null;
      }
      if (owner.startsWith("~")) {
        addToStore(entry, storeTaker);
      } else {
        current = current == null ? new Reading(owner) : current;
        add(current, entry);
      }
    }
    if (current != null) {
      taker.accept(whole(current));
      current = null;
    }
    if (!ofStore.isEmpty()) {
      storeTaker.accept(ofStore);
      ofStore = new ArrayList<>();
    }
  }

  private void add(Reading agent, ImportedEntry entry) {
    if (entry.value() instanceof Session session && entry.key().equals(Keys.session(agent.id))) {
      if (!session.agentId().equals(agent.id)) {
        throw strange(entry);
      }
      agent.session = session;
    } else {
      String key = key(agent.id, entry);
      agent.entries.add(
          new Sized(new ImportedEntry(key, entry.version(), entry.value()), reader.lineBytes()));
    }
  }

  /** The key that an entry has in this store. */
  private String key(String id, ImportedEntry entry) {
    String key =
        switch (entry.value()) {
          case Sleep _ -> Keys.sleep(id);
          case MemoryItem item -> Keys.memory(id, names.name(item.key()));
          case Task task when task.agentId().equals(id) -> Keys.task(id, task.taskId());
          case Message message -> Keys.message(id, message.index());
          case Mail mail when isReceived(id, entry) && mail.to().equals(id) ->
              Keys.mail(id, mail.messageId());
          case Mail mail when !isReceived(id, entry) && mail.from().equals(id) ->
              Keys.sent(id, mail.messageId());
          case Step _ -> stepKey(id, entry);
          default -> throw strange(entry);
        };
    if (!(entry.value() instanceof MemoryItem) && !key.equals(entry.key())) {
      throw strange(entry);
    }
    return key;
  }

  private static boolean isReceived(String id, ImportedEntry entry) {
    return entry.key().startsWith(Keys.mail(id));
  }

  private static String stepKey(String id, ImportedEntry entry) {
    String[] parts = entry.key().split("/", -1);
    if (parts.length != 4 || !parts[3].matches("\\d{10}")) {
      throw strange(entry);
    }
    return Keys.step(id, parts[2], Integer.parseInt(parts[3]));
  }

  private static TorporException strange(ImportedEntry entry) {
    return TorporException.invalid(
        "file", "the export has what does not belong under its key: " + entry.key());
  }

  private ImportedAgent whole(Reading agent) {
    if (agent.session == null) {
      throw TorporException.invalid(
          "file", "the export has no session of agent '" + agent.id + "'");
    }
    List<List<ImportedEntry>> portions = new ArrayList<>();
    List<ImportedEntry> portion = new ArrayList<>();
    long bytes = 0;
    agent.entries.sort(Comparator.comparing(Sized::entry, IN_PORTIONS));
    for (Sized sized : agent.entries) {
      if (!portion.isEmpty() && bytes + sized.bytes > PORTION_BYTES) {
        portions.add(portion);
        portion = new ArrayList<>();
        bytes = 0;
      }
      portion.add(sized.entry);
      bytes += sized.bytes;
    }
    portions.add(portion);
    return new ImportedAgent(agent.session, portions);
  }

  /** Entries of an agent in the order in which they are committed. */
  static List<ImportedEntry> ordered(List<ImportedEntry> entries) {
    return entries.stream().sorted(IN_PORTIONS).toList();
  }

  private static int order(ImportedEntry entry) {
    return switch (entry.value()) {
      case Sleep _ -> 2;
      case Task _ -> 1;
      default -> 0;
    };
  }

  private void addToStore(ImportedEntry entry, Consumer<List<ImportedEntry>> taker) {
    ImportedEntry here =
        switch (entry.value()) {
          case Event event when !entry.key().equals(Keys.LAST_EVENT) ->
              new ImportedEntry(Keys.event(names.name(event.name())), 0, event);
          default -> entry;
        };
    if (!ofStore.isEmpty() && storeBytes + reader.lineBytes() > PORTION_BYTES) {
      taker.accept(ofStore);
      ofStore = new ArrayList<>();
      storeBytes = 0;
    }
    ofStore.add(here);
    storeBytes += reader.lineBytes();
  }

  /** How many agents are read. */
  long agents() {
    return reader.agents();
  }

  /** How many entries are read. */
  long count() {
    return reader.entries();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
