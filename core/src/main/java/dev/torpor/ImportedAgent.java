package dev.torpor;

import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Task;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An agent as an export has it.
 *
 * @param portions all its entries but the session, as they fit into commits; those last that tell
 *     timers of it, and at least one, which may be empty
 */
record ImportedAgent(Session session, List<List<ImportedEntry>> portions) {

  List<ImportedEntry> entries() {
    return portions.stream().flatMap(List::stream).toList();
  }

  /** All of it, to be checked. */
  AgentSnapshot snapshot() {
    String id = session.agentId();
    return new AgentSnapshot(
        session,
        values("", Sleep.class).findFirst().orElse(null),
        values("", MemoryItem.class).toList(),
        values("", Task.class).toList(),
        values("", Message.class).toList(),
        values(Keys.mail(id), Mail.class).toList(),
        values(Keys.sent(id), Mail.class).toList());
  }

  private <T> Stream<T> values(String prefix, Class<T> type) {
    return portions.stream()
        .flatMap(List::stream)
        .filter(entry -> entry.key().startsWith(prefix))
        .map(ImportedEntry::value)
        .filter(type::isInstance)
        .map(value -> Objects.requireNonNull(type.cast(value)));
  }
}
