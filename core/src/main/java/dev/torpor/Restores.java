package dev.torpor;

import dev.torpor.rules.Draft;
import dev.torpor.rules.ImportRules;
import dev.torpor.rules.Refusal;
import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings damaged agents back from what their documents say: in one commit, or in several, until the
 * last of which they stay damaged. Then they take what came to them meanwhile. Thread-safe.
 */
final class Restores {
  private static final Logger log = LoggerFactory.getLogger(Restores.class);

  private final AgentRuntime runtime;
  private final StateSerializer serializer;
  private final StateValidator validator;

  Restores(AgentRuntime runtime, StateSerializer serializer, StateValidator validator) {
    this.runtime = runtime;
    this.serializer = serializer;
    this.validator = validator;
  }

  /**
   * Brings agents back, one after the other.
   *
   * @throws TorporException when one is not damaged, or its documents cannot bring it back; those
   *     before it are back
   */
  synchronized void restore(List<String> ids) {
    runtime.beginUpkeep(); // or their documents would not follow where nothing runs
    for (String id : ids) {
      restore(id);
      log.info("agent {} is back from its documents", id);
    }
  }

  /**
   * Brings all back whose documents can.
   *
   * @return their ids; the others stay damaged
   */
  synchronized List<String> restoreAll() {
    List<String> damaged = new ArrayList<>();
    runtime.read(
        fold -> {
          damaged.clear();
          fold.scan(Keys.status(AgentStatus.DAMAGED))
              .forEachRemaining(line -> damaged.add(Keys.last(line.key())));
          AgentState people = fold.agent(Session.USER); // in no list of agents
          if (people != null && people.session().status() == AgentStatus.DAMAGED) {
            damaged.add(Session.USER);
          }
          return true;
        });
    List<String> back = new ArrayList<>();
    for (String id : damaged) {
      try {
        restore(List.of(id));
        back.add(id);
      } catch (TorporException | Refusal e) {
        log.warn("{}", e.getMessage());
      }
    }
    return back;
  }

  private void restore(String id) {
    runtime.read(
        fold -> {
          ImportRules.checkDamaged(fold, id);
          return true;
        });
    SavedAgent saved = runtime.store().saved(id, validator);
    Session session = saved.session();
    if (session == null) {
      throw TorporException.conflict(
          "no_documents",
          "from_documents",
          "the documents of agent '%s' cannot bring it back: %s".formatted(id, saved.refusal()));
    }
    long[] since = {0};
    boolean begun = false;
    boolean done = false;
    try {
      List<List<ImportedEntry>> portions = portions(saved.entries());
      for (Iterator<List<ImportedEntry>> rest = portions.iterator(); rest.hasNext(); ) {
        List<ImportedEntry> portion = rest.next();
        boolean first = !begun;
        boolean last = !rest.hasNext();
        runtime.decide(
            draft -> {
              if (first) {
                ImportRules.beginRestore(draft, id, saved.entries());
                since[0] = draft.stamp().seq();
              }
              return take(draft, since[0], session, portion, last);
            });
        begun = true;
      }
      done = true;
    } finally {
      if (begun && !done) {
        takeBack(id, since[0]);
      }
    }
    runtime.takeDeliveries(id);
  }

  private static boolean take(
      Draft draft, long since, Session session, List<ImportedEntry> portion, boolean last) {
    String id = session.agentId();
    ImportRules.checkGoesOn(draft, id, since);
    ImportRules.add(draft, id, portion);
    if (last) {
      // That of its documents it had too, and it stands for another change.
      long had = Math.max(session.version(), ImportRules.lastVersion(draft, id));
      ImportRules.end(draft, session, had);
    }
    return true;
  }

  private void takeBack(String id, long since) {
    try {
      runtime.decide(
          draft -> {
            ImportRules.drop(draft, id, since);
            return true;
          });
    } catch (StoreException e) {
      log.warn("bringing agent {} back was cut off; the next start takes it back", id);
    }
  }

  /** As they fit into commits; at least one. */
  private List<List<ImportedEntry>> portions(List<ImportedEntry> entries) {
    List<List<ImportedEntry>> portions = new ArrayList<>();
    List<ImportedEntry> portion = new ArrayList<>();
    long bytes = 0;
    for (ImportedEntry entry : ImportedAgents.ordered(entries)) {
      long length = length(entry);
      if (!portion.isEmpty() && bytes + length > ImportedAgents.PORTION_BYTES) {
        portions.add(portion);
        portion = new ArrayList<>();
        bytes = 0;
      }
      portion.add(entry);
      bytes += length;
    }
    portions.add(portion);
    return portions;
  }

  private long length(ImportedEntry entry) {
    long[] length = {entry.key().length()};
    try {
      serializer.write(
          entry.value(),
          new OutputStream() {
            @Override
            public void write(int b) {
              length[0]++;
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
              length[0] += count;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return length[0];
  }
}
