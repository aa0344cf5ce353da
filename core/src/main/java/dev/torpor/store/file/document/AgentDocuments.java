package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The documents of agents, one agent at a time: finds what is there and what is to be done. */
final class AgentDocuments {
  private static final Logger log = LoggerFactory.getLogger(AgentDocuments.class);

  /** Of how many agents it is remembered what is there. */
  private static final int REMEMBERED = 1000;

  /** After something that should not happen, and would at once again. */
  private static final long REST_BEHIND_FAULT = TimeUnit.MINUTES.toNanos(1);

  private final AgentProjection.Tools tools;
  private final AgentFiles files;
  private final StateValidator validator;
  private final DocumentSource source;
  private final Dirty dirty;
  private final Map<String, AgentSet> sets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, AgentSet> eldest) {
          return size() > REMEMBERED;
        }
      };

  AgentDocuments(
      AgentProjection.Tools tools, StateValidator validator, DocumentSource source, Dirty dirty) {
    this.tools = tools;
    this.files = new AgentFiles(tools.disk(), tools.folder());
    this.validator = validator;
    this.source = source;
    this.dirty = dirty;
  }

  /**
   * Brings the documents of an agent up to now.
   *
   * @param more what is suspected of it beside what was told; null for nothing
   * @return the sequence number of the snapshot that they show
   * @throws IOException when it could not be done: then the agent waits again
   */
  long project(String agent, @Nullable Pending more, Cost cost) throws IOException {
    try (Snapshot snapshot = source.of(agent)) {
      Pending pending = dirty.take(agent); // behind the snapshot: what it shows was told before
      if (pending == null) {
        pending = more;
      } else if (more != null) {
        pending.add(more);
      }
      if (pending == null) {
        return snapshot.seq();
      }
      try {
        project(snapshot, pending, cost);
      } catch (IOException | UncheckedIOException e) {
        tryAgain(pending);
        throw e;
      } catch (RuntimeException e) {
        log.error("documents of agent '{}': failed as they should not", agent, e);
        tryAgain(pending);
        dirty.rest(agent, System.nanoTime() + REST_BEHIND_FAULT);
        return snapshot.seq();
      }
      if (pending.last > snapshot.seq()) {
        pending.first = snapshot.seq() + 1;
        pending.since = System.nanoTime();
        dirty.putBack(pending);
      }
      return snapshot.seq();
    }
  }

  /** Nobody knows what was written of it. */
  private void tryAgain(Pending pending) {
    sets.remove(pending.agent);
    long first = pending.first;
    pending.add(Pending.again(pending.agent));
    pending.first = first == Long.MAX_VALUE ? 0 : first;
    dirty.putBack(pending);
  }

  private void project(Snapshot snapshot, Pending pending, Cost cost) throws IOException {
    String agent = pending.agent;
    Entry session = snapshot.get(Keys.session(agent));
    if (session == null) {
      sets.remove(agent);
      files.delete(agent);
      projectNamesake(agent);
      return;
    }
    if (Comparing.isDamaged(session)) {
      sets.remove(agent);
      return; // what it lost, they may have
    }
    List<String> broken = Validation.broken(validator, snapshot, agent);
    if (!broken.isEmpty()) {
      log.error("no documents are written of what is broken: {}", String.join("; ", broken));
      return;
    }
    AgentSet before = pending.reset ? null : known(agent, pending.untrusted);
    if (before != null
        && (before.seq() > session.seq()
            || !before.createdAt().equals(((Session) session.value()).createdAt().toString()))) {
      before = null; // of another life
    }
    sets.put(agent, AgentProjection.run(tools, snapshot, pending, session, before, cost));
  }

  /**
   * On a disk that does not tell upper from lower case, the documents that were removed may have
   * been those of one who has the id since, in other letters.
   */
  private void projectNamesake(String agent) throws IOException {
    try (Snapshot ids = source.of(Keys.IDS.substring(0, Keys.IDS.length() - 1))) {
      Entry id = ids.get(Keys.id(agent));
      if (id != null && !id.value().equals(agent)) {
        dirty.putBack(Pending.again((String) id.value()));
      }
    }
  }

  private @Nullable AgentSet known(String agent, boolean untrusted) throws IOException {
    if (untrusted) {
      return files.trusted(agent);
    }
    AgentSet remembered = sets.get(agent);
    if (remembered != null || !files.document(Part.SESSION, agent).exists()) {
      return remembered;
    }
    try {
      return files.set(agent);
    } catch (NoSuchFileException | DamagedDocumentException e) {
      log.warn("documents of agent '{}' are made anew: {}", agent, e.getMessage());
      return null;
    }
  }
}
