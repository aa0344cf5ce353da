package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import java.io.IOException;
import java.util.Iterator;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the documents of lines of one agent up to a snapshot. What is new is appended; a document
 * that is not as long as is said of it was torn, and is copied up to where it was whole.
 */
final class LinesProjection {
  private final AgentProjection.Tools tools;
  private final Snapshot snapshot;
  private final Pending pending;
  private final String agent;
  private final Session session;
  private final long version;
  private final @Nullable AgentSet before;
  private final Cost cost;

  LinesProjection(
      AgentProjection.Tools tools,
      Snapshot snapshot,
      Pending pending,
      Session session,
      long version,
      @Nullable AgentSet before,
      Cost cost) {
    this.tools = tools;
    this.snapshot = snapshot;
    this.pending = pending;
    this.agent = pending.agent;
    this.session = session;
    this.version = version;
    this.before = before;
    this.cost = cost;
  }

  /** Finds what is to be written. */
  private interface Source {
    /**
     * @param old what is there; null when all is to be written
     */
    void addTo(LinesFile.Appending out, Written.@Nullable Lines old) throws IOException;
  }

  /** Its conversation history: a message is written once, and the next one is the next line. */
  @Nullable Written context() throws IOException {
    return project(
        Part.CONTEXT,
        (out, old) -> {
          long next = old == null ? 0 : old.lines() - 1;
          Iterator<Entry> messages = snapshot.scan(Keys.messages(agent), Keys.message(agent, next));
          for (long left = session.messages() - next; left > 0 && messages.hasNext(); left--) {
            add(out, messages.next());
          }
        });
  }

  /** All tasks that finished, each behind its steps. */
  @Nullable Written tasks() throws IOException {
    return project(
        Part.TASK_HISTORY,
        (out, old) -> {
          for (Iterator<Entry> i = changed(Keys.tasks(agent), old); i.hasNext(); ) {
            Entry entry = i.next();
            if (((Task) entry.value()).status().isFinished()) {
              String steps = Keys.steps(agent, ((Task) entry.value()).taskId());
              for (Iterator<Entry> j = snapshot.scan(steps); j.hasNext(); ) {
                add(out, j.next());
              }
              add(out, entry);
            }
          }
        });
  }

  /** All mail that it received or sent, again each time that it changed. */
  @Nullable Written mail() throws IOException {
    return project(
        Part.MAIL_HISTORY,
        (out, old) -> {
          for (Iterator<Entry> i = changed(Keys.mail(agent), old); i.hasNext(); ) {
            add(out, i.next());
          }
          for (Iterator<Entry> i = changed(Keys.sent(agent), old); i.hasNext(); ) {
            add(out, i.next());
          }
        });
  }

  /** Entries under a prefix that are not in the document. */
  private Iterator<Entry> changed(String prefix, Written.@Nullable Lines old) throws IOException {
    SequencedSet<String> keys = old == null ? null : pending.keys();
    long after = old == null ? 0 : Objects.requireNonNull(before).seq();
    Iterator<Entry> all =
        keys == null
            ? snapshot.scan(prefix)
            : new Looked(keys.stream().filter(key -> key.startsWith(prefix)).iterator(), snapshot);
    return new Newer(all, after);
  }

  private void add(LinesFile.Appending out, Entry entry) throws IOException {
    String id = entry.key().substring(Keys.agent(agent).length());
    out.add(LinesFile.line(id, entry, tools.pieces().encoded(entry.value())));
  }

  private @Nullable Written project(Part part, Source source) throws IOException {
    Written old = before == null ? null : before.part(part);
    if (before != null && !pending.touches(part)) {
      return old;
    }
    LinesFile file = new LinesFile(tools.disk(), tools.folder(), part.file(agent));
    if (old instanceof Written.Lines lines && file.exists() && goesOn(part, lines)) {
      if (file.size() == lines.bytes()) {
        return append(file, lines, source);
      }
      if (file.size() > lines.bytes()) {
        try {
          return repair(file, lines, source);
        } catch (DamagedDocumentException e) {
          // What was written before is not good either: it is made anew.
        }
      }
    }
    return make(part, file, source);
  }

  /**
   * Whether what a document shows is of this life. Where not all changes were told, the agent may
   * have been replaced by an import, which says that it was created when it was at first; then
   * nothing of it is as old as its documents. (Of one whose mail has all changed since, neither.)
   */
  private boolean goesOn(Part part, Written.Lines old) throws IOException {
    if (pending.keys() != null) {
      return true;
    }
    return switch (part) {
      case CONTEXT -> {
        Entry last = snapshot.get(Keys.message(agent, old.lines() - 2));
        yield last != null && isOld(last);
      }
      case TASK_HISTORY -> isAnyOld(Keys.tasks(agent));
      default -> isAnyOld(Keys.mail(agent)) || isAnyOld(Keys.sent(agent));
    };
  }

  private boolean isAnyOld(String prefix) throws IOException {
    for (Iterator<Entry> i = snapshot.scan(prefix); i.hasNext(); ) {
      if (isOld(i.next())) {
        return true;
      }
    }
    return false;
  }

  private boolean isOld(Entry entry) {
    return entry.seq() <= Objects.requireNonNull(before).seq();
  }

  private Written append(LinesFile file, Written.Lines old, Source source) throws IOException {
    try (LinesFile.Appending out = file.append()) {
      source.addTo(out, old);
      out.flush();
      if (out.lines() == 0) {
        return old;
      }
      cost.appended(out.bytes());
      return new Written.Lines(version, old.bytes() + out.bytes(), old.lines() + out.lines());
    }
  }

  private Written repair(LinesFile file, Written.Lines old, Source source) throws IOException {
    try (LinesFile.Appending out = LinesFile.create(tools.workplace(), null)) {
      file.read(old.bytes(), line -> out.add(withEnd(line)));
      if (out.lines() != old.lines()) {
        throw file.damaged("it has other lines than it had");
      }
      source.addTo(out, old);
      return moved(file, out);
    }
  }

  private static byte[] withEnd(byte[] line) {
    byte[] all = java.util.Arrays.copyOf(line, line.length + 1);
    all[line.length] = '\n';
    return all;
  }

  private @Nullable Written make(Part part, LinesFile file, Source source) throws IOException {
    byte[] first = LinesFile.first("agent", agent, part.field(), session.createdAt().toString());
    try (LinesFile.Appending out = LinesFile.create(tools.workplace(), first)) {
      source.addTo(out, null);
      if (out.lines() > 0) {
        return moved(file, out);
      }
    }
    if (before == null || before.part(part) != null || pending.untrusted) {
      file.delete();
    }
    return null;
  }

  private Written moved(LinesFile file, LinesFile.Appending out) throws IOException {
    out.flush();
    file.replaceBy(tools.workplace());
    cost.rewritten(out.bytes());
    return new Written.Lines(version, out.bytes(), out.lines());
  }

  /** The entries of keys, as far as they are there. */
  private static final class Looked implements Iterator<Entry> {
    private final Iterator<String> keys;
    private final Snapshot snapshot;
    private @Nullable Entry next;

    Looked(Iterator<String> keys, Snapshot snapshot) {
      this.keys = keys;
      this.snapshot = snapshot;
    }

    @Override
    public boolean hasNext() {
      while (next == null && keys.hasNext()) {
        try {
          next = snapshot.get(keys.next());
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
      return next != null;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Entry found = Objects.requireNonNull(next);
      next = null;
      return found;
    }
  }

  /** Those above a sequence number. */
  private static final class Newer implements Iterator<Entry> {
    private final Iterator<Entry> all;
    private final long after;
    private @Nullable Entry next;

    Newer(Iterator<Entry> all, long after) {
      this.all = all;
      this.after = after;
    }

    @Override
    public boolean hasNext() {
      while (next == null && all.hasNext()) {
        Entry entry = all.next();
        next = entry.seq() > after ? entry : null;
      }
      return next != null;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Entry found = Objects.requireNonNull(next);
      next = null;
      return found;
    }
  }
}
