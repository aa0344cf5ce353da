package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Session;
import dev.torpor.state.Sleep;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What the documents of an agent say behind their metadata: of the same entries, the same bytes.
 */
final class Bodies {
  private final Pieces pieces;
  private final Snapshot snapshot;
  private final String agent;

  Bodies(Pieces pieces, Snapshot snapshot, String agent) {
    this.pieces = pieces;
    this.snapshot = snapshot;
    this.agent = agent;
  }

  /** Its session with its working memory, and which documents it has beside. */
  void session(JsonGenerator out, Session session, Map<Part, Written> parts) throws IOException {
    pieces.fields(out, session);
    memory(out);
    out.writeObjectPropertyStart("documents");
    out.writeStringProperty("created_at", session.createdAt().toString());
    for (Part part : Part.values()) {
      Written written = parts.get(part);
      if (written != null) {
        out.writeObjectPropertyStart(part.field());
        out.writeStringProperty("file", part.file(agent));
        write(out, written);
        out.writeEndObject();
      }
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Written written) {
    out.writeNumberProperty("version", written.version());
    out.writeNumberProperty("bytes", written.bytes());
    switch (written) {
      case Written.Lines w -> out.writeNumberProperty("lines", w.lines());
      case Written.Whole w -> {
        out.writeStringProperty("checksum", w.checksum());
        out.writeStringProperty("content", w.content());
        ids(out, "recent", w.kept().recent());
        ids(out, "pending_replies", w.kept().pendingReplies());
      }
    }
  }

  private static void ids(JsonGenerator out, String name, List<String> ids) {
    if (!ids.isEmpty()) {
      out.writeArrayPropertyStart(name);
      ids.forEach(out::writeString);
      out.writeEndArray();
    }
  }

  /** Each value under its key; where a serializer seals it, under the key's name. */
  private void memory(JsonGenerator out) throws IOException {
    List<Entry> sealed = new ArrayList<>();
    out.writeObjectPropertyStart("working_memory");
    for (Iterator<Entry> i = snapshot.scan(Keys.memory(agent)); i.hasNext(); ) {
      Entry entry = i.next();
      byte[] json = pieces.encoded(entry.value());
      if (isPlain(json, ((MemoryItem) entry.value()).key())) {
        remember(out, json);
      } else {
        sealed.add(entry);
      }
    }
    out.writeEndObject();
    if (!sealed.isEmpty()) {
      out.writeObjectPropertyStart("sealed_memory");
      for (Entry entry : sealed) {
        out.writeName(entry.key().substring(Keys.memory(agent).length()));
        pieces.value(out, entry.value());
      }
      out.writeEndObject();
    }
  }

  private static boolean isPlain(byte[] json, String key) {
    try (JsonParser in = Pieces.parser(json)) {
      return in.nextToken() == JsonToken.START_OBJECT
          && in.nextToken() == JsonToken.PROPERTY_NAME
          && in.currentName().equals("key")
          && in.nextToken() == JsonToken.VALUE_STRING
          && in.getString().equals(key)
          && (in.nextToken() == JsonToken.END_OBJECT
              || (in.currentName().equals("value") && isLast(in)));
    }
  }

  private static boolean isLast(JsonParser in) {
    in.nextToken();
    in.skipChildren();
    return in.nextToken() == JsonToken.END_OBJECT;
  }

  private static void remember(JsonGenerator out, byte[] json) {
    try (JsonParser in = Pieces.parser(json)) {
      in.nextToken();
      in.nextToken();
      in.nextToken();
      out.writeName(in.getString());
      if (in.nextToken() == JsonToken.END_OBJECT) {
        out.writeNull();
      } else {
        in.nextToken();
        out.copyCurrentStructureExact(in);
      }
    }
  }

  /** Its sleep; false when it does not sleep. */
  boolean sleep(@Nullable JsonGenerator out) throws IOException {
    Entry sleep = snapshot.get(Keys.sleep(agent));
    if (sleep != null && out != null) {
      out.writeBooleanProperty("is_sleeping", true);
      pieces.fields(out, (Sleep) sleep.value());
    }
    return sleep != null;
  }

  /**
   * Its tasks, those that are not finished with their steps, which the history has of the others.
   *
   * @param recent those that finished last, the latest first
   */
  void tasks(JsonGenerator out, List<Task> recent) throws IOException {
    open(out, "pending_tasks", TaskStatus.PENDING);
    open(out, "in_progress", TaskStatus.IN_PROGRESS);
    open(out, "waiting", TaskStatus.WAITING);
    finished(out, "completed", recent, TaskStatus.COMPLETED);
    finished(out, "failed", recent, TaskStatus.FAILED);
    finished(out, "cancelled", recent, TaskStatus.CANCELLED);
  }

  private void open(JsonGenerator out, String name, TaskStatus status) throws IOException {
    out.writeArrayPropertyStart(name);
    for (Iterator<Entry> i = snapshot.scan(Keys.tasks(agent, status)); i.hasNext(); ) {
      Entry entry = required(Keys.task(agent, Keys.last(i.next().key())));
      out.writeStartObject();
      pieces.fields(out, entry.value());
      steps(out, (Task) entry.value());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** {@code _steps}: the field {@code steps} of a task counts them. */
  private void steps(JsonGenerator out, Task task) throws IOException {
    if (task.steps() > 0) {
      out.writeArrayPropertyStart("_steps");
      for (Iterator<Entry> i = snapshot.scan(Keys.steps(agent, task.taskId())); i.hasNext(); ) {
        pieces.value(out, (Step) i.next().value());
      }
      out.writeEndArray();
    }
  }

  private void finished(JsonGenerator out, String name, List<Task> recent, TaskStatus status)
      throws IOException {
    out.writeArrayPropertyStart(name);
    for (Task task : recent) {
      if (task.status() == status) {
        pieces.value(out, task);
      }
    }
    out.writeEndArray();
  }

  /**
   * Its mailbox.
   *
   * @param read what was read last, the latest first
   * @param pendingReplies what it sent and waits for a reply to
   */
  void mailbox(JsonGenerator out, List<Mail> read, List<Mail> pendingReplies) throws IOException {
    out.writeArrayPropertyStart("unread");
    for (Iterator<Entry> i = snapshot.scan(Keys.mail(agent, MailStatus.UNREAD)); i.hasNext(); ) {
      pieces.value(out, required(Keys.mail(agent, Keys.last(i.next().key()))).value());
    }
    out.writeEndArray();
    values(out, "read", read);
    values(out, "pending_replies", pendingReplies);
  }

  private void values(JsonGenerator out, String name, List<Mail> mail) throws IOException {
    out.writeArrayPropertyStart(name);
    for (Mail each : mail) {
      pieces.value(out, each);
    }
    out.writeEndArray();
  }

  private Entry required(String key) throws IOException {
    Entry entry = snapshot.get(key);
    if (entry == null) {
      throw new IOException("an index leads to " + key + ", which is not there");
    }
    return entry;
  }
}
