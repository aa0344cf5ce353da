package dev.torpor.store.file.document;

import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Erased;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.store.StateMetadata;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Brings the documents of the store itself up to a snapshot, those in {@code system/}. */
final class StoreProjection {
  static final String SESSIONS = "system/active_sessions.json";
  static final String DELETED = "system/deleted.json";
  static final String EVENTS = "system/events.jsonl";
  static final String REQUESTS = "system/requests.jsonl";

  static final String ALL_EVENTS = "~event/";
  static final String ALL_DELETED = "~deleted/";
  static final String ALL_REQUESTS = "~key/";

  /** Events are made anew when of so many lines more than half may have been replaced. */
  private static final int SLACK = 1000;

  private final AgentProjection.Tools tools;
  private final String store;
  private final DocumentSource source;
  private final Cost cost;

  StoreProjection(AgentProjection.Tools tools, String store, DocumentSource source, Cost cost) {
    this.tools = tools;
    this.store = store;
    this.source = source;
    this.cost = cost;
  }

  private Snapshot of(String prefix) throws IOException {
    return source.of(prefix.substring(0, prefix.length() - 1));
  }

  /** Who is there, and who was; gives what is then so. */
  Progress overview(Progress before) throws IOException {
    try (Snapshot all = source.ofStore();
        Snapshot deleted = of(ALL_DELETED)) {
      return before
          .withSessions(
              whole(SESSIONS, before.sessions(), all, Keys.IDS, out -> sessions(out, all)))
          .withDeleted(
              whole(
                  DELETED,
                  before.deleted(),
                  deleted,
                  ALL_DELETED,
                  out -> deleted(out, deleted, all.get(Keys.ERASED))));
    }
  }

  /** Writes a document of what is under a prefix, unless there is nothing, or nothing new. */
  private String whole(
      String name, String before, Snapshot snapshot, String prefix, Rendering.Body body)
      throws IOException {
    if (!snapshot.scan(prefix).hasNext()) {
      tools.disk().delete(tools.folder().resolve(name));
      return "";
    }
    StateMetadata metadata = new StateMetadata(0, snapshot.seq(), tools.now(), store);
    try (Rendering rendering = Rendering.of(tools.workplace(), metadata, body)) {
      if (!rendering.content().equals(before)
          || !new DocumentFile(tools.disk(), tools.folder(), name).exists()) {
        rendering.writeTo(tools.folder().resolve(name));
        cost.rewritten(rendering.bytes());
      }
      return rendering.content();
    }
  }

  static void sessions(JsonGenerator out, Snapshot snapshot) throws IOException {
    out.writeObjectPropertyStart("agents");
    for (Iterator<Entry> i = snapshot.scan(Keys.IDS); i.hasNext(); ) {
      String agent = (String) i.next().value();
      Entry session = snapshot.get(Keys.session(agent));
      if (session != null) {
        out.writeObjectPropertyStart(agent);
        out.writeStringProperty(
            "status",
            ((Session) session.value()).status().name().toLowerCase(java.util.Locale.ROOT));
        Entry sleep = snapshot.get(Keys.sleep(agent));
        if (sleep != null && ((Sleep) sleep.value()).wakeTime() != null) {
          out.writeStringProperty("wake_time", "" + ((Sleep) sleep.value()).wakeTime());
        }
        out.writeEndObject();
      }
    }
    out.writeEndObject();
  }

  static void deleted(JsonGenerator out, Snapshot snapshot, @Nullable Entry erased)
      throws IOException {
    out.writeObjectPropertyStart("agents");
    for (Iterator<Entry> i = snapshot.scan(ALL_DELETED); i.hasNext(); ) {
      Deleted deleted = (Deleted) i.next().value();
      out.writeObjectPropertyStart(deleted.agentId());
      out.writeNumberProperty("version", deleted.version());
      out.writeStringProperty("at", deleted.at().toString());
      out.writeEndObject();
    }
    out.writeEndObject();
    erased(out, erased);
  }

  private static void erased(JsonGenerator out, @Nullable Entry entry) {
    if (entry != null) {
      Erased erased = (Erased) entry.value();
      out.writeObjectPropertyStart("erased");
      out.writeNumberProperty("up_to", erased.upTo());
      out.writeStringProperty("at", erased.at().toString());
      out.writeEndObject();
    }
  }

  /**
   * Events, of each name the last, and broadcasts on their way.
   *
   * @param keys of those that changed; null when not all are known
   */
  Progress events(Progress before, @Nullable List<String> keys) throws IOException {
    LinesFile file = new LinesFile(tools.disk(), tools.folder(), EVENTS);
    Written.Lines old = before.events();
    if (keys == null
        || old == null
        || old.lines() > 2 * before.eventsKept() + SLACK
        || !file.exists()
        || file.size() != old.bytes()) {
      Written.Lines made = remake(EVENTS, "events", List.of(ALL_EVENTS, Keys.BROADCASTS));
      return before.withEvents(made, made == null ? 0 : made.lines());
    }
    try (LinesFile.Appending out = file.append();
        Snapshot events = of(ALL_EVENTS);
        Snapshot broadcasts = of(Keys.BROADCASTS)) {
      for (String key : new LinkedHashSet<>(keys)) {
        Snapshot snapshot = key.startsWith(ALL_EVENTS) ? events : broadcasts;
        Entry entry = snapshot.get(key);
        out.add(
            entry == null
                ? LinesFile.removal(key, snapshot.seq())
                : LinesFile.line(key, entry, tools.pieces().encoded(entry.value())));
      }
      out.flush();
      cost.appended(out.bytes());
      return before.withEvents(
          new Written.Lines(0, old.bytes() + out.bytes(), old.lines() + out.lines()),
          before.eventsKept());
    }
  }

  /** Requests that were carried out under idempotency keys. */
  Progress requests(Progress before) throws IOException {
    long seq;
    try (Snapshot now = of(ALL_REQUESTS)) {
      seq = now.seq(); // what comes until they are read does no harm
    }
    Written.Lines made = remake(REQUESTS, "requests", List.of(ALL_REQUESTS));
    return before.withRequests(made == null ? null : new Progress.Requests(seq, made));
  }

  /** Makes a document of all entries under some prefixes; of none, none. */
  private Written.@Nullable Lines remake(String name, String kind, List<String> prefixes)
      throws IOException {
    LinesFile file = new LinesFile(tools.disk(), tools.folder(), name);
    try (LinesFile.Appending out =
        LinesFile.create(tools.workplace(), LinesFile.first("store", store, kind, null))) {
      for (String prefix : prefixes) {
        try (Snapshot snapshot = of(prefix)) {
          for (Iterator<Entry> i = snapshot.scan(prefix); i.hasNext(); ) {
            Entry entry = i.next();
            out.add(LinesFile.line(entry.key(), entry, tools.pieces().encoded(entry.value())));
          }
        }
      }
      if (out.lines() > 0) {
        out.flush();
        file.replaceBy(tools.workplace());
        cost.rewritten(out.bytes());
        return new Written.Lines(0, out.bytes(), out.lines());
      }
    }
    file.delete();
    return null;
  }
}
