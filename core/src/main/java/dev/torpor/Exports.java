package dev.torpor;

import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Event;
import dev.torpor.state.Importing;
import dev.torpor.state.Keys;
import dev.torpor.state.Remembered;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.transfer.ExportWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes exports: what of a snapshot goes into one. Thread-safe. */
final class Exports {
  private final AgentRuntime runtime;
  private final StateSerializer serializer;

  Exports(AgentRuntime runtime, StateSerializer serializer) {
    this.runtime = runtime;
    this.serializer = serializer;
  }

  /**
   * Writes all agents, or one, as of now.
   *
   * @param progress told how many agents are done, again and again
   */
  ExportReport write(OutputStream out, @Nullable String agent, LongConsumer progress)
      throws IOException {
    try (Snapshot snapshot = TorporException.translating(runtime.store()::snapshot)) {
      ExportWriter writer = new ExportWriter(out, serializer, snapshot.seq(), runtime.now(), agent);
      Set<String> hidden = new HashSet<>();
      each(snapshot, Keys.IMPORTS, entry -> hidden.add(((Importing) entry.value()).agentId()));
      if (agent == null) {
        each(snapshot, "", entry -> writeIfTold(writer, entry, hidden, progress));
      } else {
        each(snapshot, Keys.agent(agent), e -> writeIfTold(writer, e, hidden, progress));
        if (writer.lines() == 1) {
          throw TorporException.notFound(
              "agent_not_found", "agent_id", "agent '" + agent + "' does not exist");
        }
        each(
            snapshot,
            Keys.REMEMBERED,
            entry -> {
              if (isAbout(entry, agent)) {
                writer.write(entry);
              }
            });
      }
      writer.end();
      return new ExportReport(writer.agents(), writer.lines() - 2, snapshot.seq());
    }
  }

  private interface Reader {
    void read(Entry entry) throws IOException;
  }

  private static void each(Snapshot snapshot, String prefix, Reader reader) throws IOException {
    Snapshot.Cursor cursor = snapshot.scan(prefix);
    for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
      reader.read(entry);
    }
  }

  /** Of agents all but index entries, but nothing of one that is being imported. */
  private static void writeIfTold(
      ExportWriter writer, Entry entry, Set<String> hidden, LongConsumer progress)
      throws IOException {
    Object value = entry.value();
    boolean told =
        entry.key().startsWith("~")
            ? value instanceof Event || value instanceof Deleted || value instanceof Remembered
            : !(value instanceof String) && !hidden.contains(Keys.owner(entry.key()));
    if (told) {
      writer.write(entry);
      progress.accept(writer.agents());
    }
  }

  /** Whether a request that is remembered addressed an agent. */
  private static boolean isAbout(Entry remembered, String agent) {
    int method = remembered.key().indexOf('/', Keys.REMEMBERED.length());
    return remembered.key().startsWith(agent.toLowerCase(Locale.ROOT) + "/", method + 1);
  }
}
