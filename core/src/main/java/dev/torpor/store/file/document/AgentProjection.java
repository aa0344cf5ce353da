package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.store.StateMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Brings the documents of one agent up to a snapshot: writes what changed, and no more. */
final class AgentProjection {
  /** What documents are made with. */
  record Tools(Disk disk, Path folder, Pieces pieces, Clock clock) {
    Instant now() {
      return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Rendering.Workplace workplace() {
      return new Rendering.Workplace(disk, folder);
    }
  }

  private final Tools tools;
  private final Snapshot snapshot;
  private final Pending pending;
  private final String agent;
  private final Session session;

  /** What is there, as far as it can be trusted; null when nothing is. */
  private final @Nullable AgentSet before;

  private final StateMetadata metadata;
  private final Bodies bodies;
  private final Map<Part, Written> parts = new EnumMap<>(Part.class);
  private final Cost cost;

  private AgentProjection(
      Tools tools,
      Snapshot snapshot,
      Pending pending,
      Entry session,
      @Nullable AgentSet before,
      Cost cost) {
    this.tools = tools;
    this.snapshot = snapshot;
    this.pending = pending;
    this.agent = pending.agent;
    this.session = (Session) session.value();
    this.before = before;
    this.metadata = new StateMetadata(this.session.version(), session.seq(), tools.now(), agent);
    this.bodies = new Bodies(tools.pieces(), snapshot, agent);
    this.cost = cost;
  }

  /**
   * Brings them up to a snapshot in which the agent is.
   *
   * @param before what there is; null when that is not known, or of no use
   * @param cost is told what was written
   * @return what there is now
   */
  static AgentSet run(
      Tools tools,
      Snapshot snapshot,
      Pending pending,
      Entry session,
      @Nullable AgentSet before,
      Cost cost)
      throws IOException {
    return new AgentProjection(tools, snapshot, pending, session, before, cost).run();
  }

  private AgentSet run() throws IOException {
    AgentSet old = before;
    if (old != null && old.seq() == metadata.seq() && !pending.untrusted) {
      return old; // a change that came twice, or was seen before it was told
    }
    LinesProjection lines =
        new LinesProjection(tools, snapshot, pending, session, metadata.version(), before, cost);
    keep(Part.CONTEXT, lines.context());
    keep(Part.TASK_HISTORY, lines.tasks());
    keep(Part.MAIL_HISTORY, lines.mail());
    keep(Part.SLEEP, sleep());
    keep(Part.TASKS, tasks());
    keep(Part.MAILBOX, mailbox());
    if (old != null && old.seq() == metadata.seq() && old.parts().equals(parts)) {
      return old;
    }
    try (Rendering rendering =
        Rendering.of(tools.workplace(), metadata, out -> bodies.session(out, session, parts))) {
      write(Part.SESSION, rendering);
    }
    return new AgentSet(metadata.version(), metadata.seq(), session.createdAt().toString(), parts);
  }

  private void keep(Part part, @Nullable Written written) {
    if (written != null) {
      parts.put(part, written);
    }
  }

  private @Nullable Written sleep() throws IOException {
    if (!changed(Part.SLEEP)) {
      return was(Part.SLEEP);
    }
    return bodies.sleep(null)
        ? whole(Part.SLEEP, Written.Kept.NONE, out -> bodies.sleep(out))
        : none(Part.SLEEP);
  }

  private @Nullable Written tasks() throws IOException {
    if (!changed(Part.TASKS)) {
      return was(Part.TASKS);
    }
    Choice choice = new Choice(snapshot, agent);
    List<Task> recent =
        choice.finished(candidates(Part.TASKS, kept -> kept.recent(), id -> Keys.task(agent, id)));
    boolean open =
        session.tasks().pending() + session.tasks().inProgress() + session.tasks().waiting() > 0;
    return open || !recent.isEmpty()
        ? whole(
            Part.TASKS,
            new Written.Kept(recent.stream().map(Task::taskId).toList(), List.of()),
            out -> bodies.tasks(out, recent))
        : none(Part.TASKS);
  }

  private @Nullable Written mailbox() throws IOException {
    if (!changed(Part.MAILBOX)) {
      return was(Part.MAILBOX);
    }
    Choice choice = new Choice(snapshot, agent);
    List<Mail> read =
        choice.read(candidates(Part.MAILBOX, kept -> kept.recent(), id -> Keys.mail(agent, id)));
    List<Mail> waiting =
        choice.pendingReplies(
            session,
            candidates(Part.MAILBOX, kept -> kept.pendingReplies(), id -> Keys.sent(agent, id)));
    return session.mail().unread() > 0 || !read.isEmpty() || !waiting.isEmpty()
        ? whole(
            Part.MAILBOX,
            new Written.Kept(ids(read), ids(waiting)),
            out -> bodies.mailbox(out, read, waiting))
        : none(Part.MAILBOX);
  }

  private static List<String> ids(List<Mail> mail) {
    return mail.stream().map(Mail::messageId).toList();
  }

  /** What was chosen before, and what changed since; null when either is not known. */
  private @Nullable SequencedSet<String> candidates(
      Part part, Function<Written.Kept, List<String>> chosen, Function<String, String> key) {
    SequencedSet<String> changed = pending.keys();
    if (before == null || changed == null) {
      return null;
    }
    SequencedSet<String> all = new LinkedHashSet<>();
    if (before.part(part) instanceof Written.Whole whole) {
      chosen.apply(whole.kept()).forEach(id -> all.add(key.apply(id)));
    }
    all.addAll(changed);
    return all;
  }

  private boolean changed(Part part) {
    return before == null || pending.touches(part);
  }

  private @Nullable Written was(Part part) {
    return Objects.requireNonNull(before).part(part);
  }

  /** Writes a document, unless it says what it says already. */
  private Written whole(Part part, Written.Kept kept, Rendering.Body body) throws IOException {
    try (Rendering rendering = Rendering.of(tools.workplace(), metadata, body)) {
      if (before != null
          && before.part(part) instanceof Written.Whole old
          && old.content().equals(rendering.content())
          && old.kept().equals(kept)) {
        return old;
      }
      write(part, rendering);
      return new Written.Whole(
          metadata.version(), rendering.bytes(), rendering.checksum(), rendering.content(), kept);
    }
  }

  private void write(Part part, Rendering rendering) throws IOException {
    rendering.writeTo(tools.folder().resolve(part.file(agent)));
    cost.rewritten(rendering.bytes());
  }

  /** There is nothing to say. */
  private @Nullable Written none(Part part) throws IOException {
    if (before == null || before.part(part) != null || pending.untrusted) {
      tools.disk().delete(tools.folder().resolve(part.file(agent)));
    }
    return null;
  }
}
