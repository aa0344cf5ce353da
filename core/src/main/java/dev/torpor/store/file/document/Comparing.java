package dev.torpor.store.file.document;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.file.document.Comparison.Fault;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The comparison of an agent's documents with its entries: these are written again, to nowhere. */
final class Comparing {
  private final AgentFiles files;
  private final Pieces pieces;
  private final Snapshot snapshot;
  private final String agent;
  private final Bodies bodies;
  private final List<Fault> wrong = new ArrayList<>();

  Comparing(AgentFiles files, Pieces pieces, Snapshot snapshot, String agent) {
    this.files = files;
    this.pieces = pieces;
    this.snapshot = snapshot;
    this.agent = agent;
    this.bodies = new Bodies(pieces, snapshot, agent);
  }

  Comparison run() throws IOException {
    Entry session = snapshot.get(Keys.session(agent));
    AgentSet set;
    try {
      set = files.set(agent);
    } catch (NoSuchFileException e) {
      return session == null || isDamaged(session)
          ? Comparison.of(Result.EQUAL)
          : Comparison.of(Result.MISSING, own("it is missing"));
    } catch (DamagedDocumentException e) {
      return Comparison.of(Result.DAMAGED, Fault.of(e));
    }
    if (session == null) {
      return Comparison.of(Result.STALE, own("there is no agent '" + agent + "' any more"));
    }
    return compare(set, session);
  }

  /** What a damaged agent had is in its documents, if it is anywhere: they stay as they are. */
  static boolean isDamaged(Entry session) {
    return ((Session) session.value()).status() == AgentStatus.DAMAGED;
  }

  private Fault own(String what) {
    return new Fault(Part.SESSION.file(agent), what);
  }

  private Comparison compare(AgentSet set, Entry session) throws IOException {
    boolean isOld = set.seq() < session.seq() || isDamaged(session);
    boolean together = check(set, isOld);
    if (!wrong.isEmpty()) {
      return new Comparison(Result.DAMAGED, wrong);
    }
    Fault versions =
        own(
            "the documents of '%s' show version %d, and it is at %d"
                .formatted(agent, set.version(), ((Session) session.value()).version()));
    if (isOld) {
      return Comparison.of(Result.STALE, versions);
    }
    if (set.seq() > session.seq()) {
      return Comparison.of(Result.NEWER, versions);
    }
    if (!together) {
      return Comparison.of(Result.DAMAGED, own("it does not belong to the others"));
    }
    compare(set, (Session) session.value());
    return new Comparison(wrong.isEmpty() ? Result.EQUAL : Result.DAMAGED, wrong);
  }

  /**
   * Whether all that are named are those that are there; tells what is damaged.
   *
   * @param isOld whether a projection may have been cut off before its end, behind which they would
   *     belong together again: it may have taken one away, or made one anew
   */
  private boolean check(AgentSet set, boolean isOld) throws IOException {
    boolean together = true;
    for (Part part : Part.values()) {
      Written written = set.part(part);
      if (part == Part.SESSION) {
        continue;
      }
      try {
        if (written == null) {
          if (!isOld && files.exists(part, agent)) {
            wrong.add(new Fault(part.file(agent), "the agent's own document does not name it"));
          }
        } else if (isOld) {
          files.checkItself(part, agent);
        } else {
          files.check(part, agent, written);
        }
      } catch (DamagedDocumentException e) {
        wrong.add(Fault.of(e));
      } catch (AgentFiles.OtherDocumentException e) {
        together = false;
      }
    }
    return together;
  }

  private void compare(AgentSet set, Session session) throws IOException {
    whole(Part.SESSION, true, out -> bodies.session(out, session, set.parts()));
    whole(Part.SLEEP, set.part(Part.SLEEP) != null, sleep());
    Choice choice = new Choice(snapshot, agent);
    List<Task> recent = choice.finished(null);
    boolean open =
        session.tasks().pending() + session.tasks().inProgress() + session.tasks().waiting() > 0;
    whole(
        Part.TASKS,
        set.part(Part.TASKS) != null,
        open || !recent.isEmpty() ? out -> bodies.tasks(out, recent) : null);
    List<Mail> read = choice.read(null);
    List<Mail> waiting = choice.pendingReplies(session, null);
    whole(
        Part.MAILBOX,
        set.part(Part.MAILBOX) != null,
        session.mail().unread() > 0 || !read.isEmpty() || !waiting.isEmpty()
            ? out -> bodies.mailbox(out, read, waiting)
            : null);
    context(set.part(Part.CONTEXT), session);
    history(Part.TASK_HISTORY, set.part(Part.TASK_HISTORY), this::finished);
    history(Part.MAIL_HISTORY, set.part(Part.MAIL_HISTORY), this::mail);
  }

  private Rendering.@Nullable Body sleep() throws IOException {
    return bodies.sleep(null) ? out -> bodies.sleep(out) : null;
  }

  /** Compares a document with what would be written; null is nothing. */
  private void whole(Part part, boolean is, Rendering.@Nullable Body body) throws IOException {
    if (is && body != null) {
      DocumentFile file = files.document(part, agent);
      String checksum = file.check();
      StateMetadata metadata = file.metadata();
      try (Rendering rendering = Rendering.of(null, metadata, body)) {
        if (!rendering.checksum().equals(checksum)) {
          wrong.add(new Fault(part.file(agent), "it does not show what is so"));
        }
      }
    } else if (is || body != null) {
      wrong.add(new Fault(part.file(agent), is ? "there is nothing to show" : "it was not made"));
    }
  }

  /** Messages are there once and in their order. */
  private void context(@Nullable Written written, Session session) throws IOException {
    Iterator<Entry> messages = snapshot.scan(Keys.messages(agent));
    byte[] first =
        LinesFile.first("agent", agent, Part.CONTEXT.field(), session.createdAt().toString());
    boolean[] good = {true, true}; // so far; and whether a line is the first
    if (written != null) {
      var _ =
          files
              .lines(Part.CONTEXT, agent)
              .read(
                  written.bytes(),
                  line -> {
                    if (good[1]) {
                      good[1] = false;
                      good[0] = isLine(first, line);
                    } else {
                      good[0] &= messages.hasNext() && isLineOf(messages.next(), line);
                    }
                  });
    }
    if (!good[0] || messages.hasNext()) {
      wrong.add(new Fault(Part.CONTEXT.file(agent), "it does not show what is so"));
    }
  }

  private boolean isLineOf(Entry entry, byte[] line) throws IOException {
    return isLine(line(entry), line);
  }

  private static boolean isLine(byte[] withEnd, byte[] line) {
    return Arrays.equals(line, Arrays.copyOf(withEnd, withEnd.length - 1));
  }

  private byte[] line(Entry entry) throws IOException {
    String id = entry.key().substring(Keys.agent(agent).length());
    return LinesFile.line(id, entry, pieces.encoded(entry.value()));
  }

  /** Takes the entries that a history must show. */
  private interface Shown {
    void addTo(Map<String, String> missing) throws IOException;
  }

  /** The last line of each entry is the one that would be written now. */
  private void history(Part part, @Nullable Written written, Shown shown) throws IOException {
    Map<String, String> checksums = new HashMap<>();
    if (written != null) {
      var _ =
          files
              .lines(part, agent)
              .read(
                  written.bytes(),
                  line -> checksums.put(LinesFile.id(line), LinesFile.checksum(line)));
      checksums.remove(""); // of the first line
    }
    Map<String, String> expected = new HashMap<>();
    shown.addTo(expected);
    if (!checksums.equals(expected)) {
      wrong.add(new Fault(part.file(agent), "it does not show what is so"));
    }
  }

  private void finished(Map<String, String> lines) throws IOException {
    for (Iterator<Entry> i = snapshot.scan(Keys.tasks(agent)); i.hasNext(); ) {
      Entry entry = i.next();
      Task task = (Task) entry.value();
      if (task.status().isFinished()) {
        add(lines, entry);
        addAll(lines, Keys.steps(agent, task.taskId()));
      }
    }
  }

  private void mail(Map<String, String> lines) throws IOException {
    addAll(lines, Keys.mail(agent));
    addAll(lines, Keys.sent(agent));
  }

  private void addAll(Map<String, String> lines, String prefix) throws IOException {
    for (Iterator<Entry> i = snapshot.scan(prefix); i.hasNext(); ) {
      add(lines, i.next());
    }
  }

  private void add(Map<String, String> lines, Entry entry) throws IOException {
    String id = entry.key().substring(Keys.agent(agent).length());
    lines.put(id, LinesFile.checksum(line(entry)));
  }
}
