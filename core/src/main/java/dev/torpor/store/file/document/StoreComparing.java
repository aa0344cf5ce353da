package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Remembered;
import dev.torpor.store.StateMetadata;
import dev.torpor.store.file.document.Comparison.Fault;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The comparison of the store's own documents with its entries. What they do not show is no fault,
 * if it came later than they did.
 *
 * @param progress what {@code system/documents.json} says of them
 */
record StoreComparing(
    AgentFiles files, String store, Pieces pieces, DocumentSource source, Progress progress) {

  /** One of each that is not as it should be. */
  List<Comparison> run() throws IOException {
    return List.of(sessions(), deleted(), events(), requests()).stream()
        .filter(comparison -> comparison.result() != Result.EQUAL)
        .toList();
  }

  private Snapshot of(String prefix) throws IOException {
    return source.of(prefix.substring(0, prefix.length() - 1));
  }

  private static Comparison damaged(String name, String what) {
    return Comparison.of(Result.DAMAGED, new Fault(name, what));
  }

  private static Comparison stale(String name) {
    return Comparison.of(Result.STALE, new Fault(name, "it shows what was so before"));
  }

  private Comparison sessions() throws IOException {
    try (Snapshot all = source.ofStore()) {
      return whole(
          StoreProjection.SESSIONS,
          progress.sessions(),
          all,
          Keys.IDS,
          out -> StoreProjection.sessions(out, all));
    }
  }

  private Comparison deleted() throws IOException {
    try (Snapshot all = source.ofStore()) {
      return whole(
          StoreProjection.DELETED,
          progress.deleted(),
          all,
          StoreProjection.ALL_DELETED,
          out -> StoreProjection.deleted(out, all, all.get(Keys.ERASED)));
    }
  }

  private Comparison whole(
      String name, String written, Snapshot snapshot, String prefix, Rendering.Body body)
      throws IOException {
    DocumentFile file = files.named(name);
    String checksum;
    StateMetadata metadata;
    try {
      checksum = file.check();
      metadata = file.metadata();
    } catch (NoSuchFileException e) {
      boolean isDue = !written.isEmpty() && snapshot.scan(prefix).hasNext();
      return isDue ? damaged(name, "it is missing") : Comparison.of(Result.EQUAL);
    } catch (DamagedDocumentException e) {
      return Comparison.of(Result.DAMAGED, Fault.of(e));
    }
    if (!metadata.sessionId().equals(store)) {
      return damaged(name, "it is another store's");
    }
    try (Rendering rendering = Rendering.of(null, metadata, body)) {
      if (rendering.checksum().equals(checksum)) {
        return Comparison.of(Result.EQUAL);
      }
    }
    return lastChange(snapshot) > metadata.seq()
        ? stale(name)
        : damaged(name, "it does not show what is so");
  }

  /** When an agent changed last, or went. */
  private static long lastChange(Snapshot snapshot) throws IOException {
    long last = 0;
    for (Iterator<Entry> ids = snapshot.scan(Keys.IDS); ids.hasNext(); ) {
      Entry session = snapshot.get(Keys.session((String) ids.next().value()));
      last = Math.max(last, session == null ? 0 : session.seq());
    }
    for (Iterator<Entry> gone = snapshot.scan(StoreProjection.ALL_DELETED); gone.hasNext(); ) {
      last = Math.max(last, gone.next().seq());
    }
    Entry erased = snapshot.get(Keys.ERASED);
    return Math.max(last, erased == null ? 0 : erased.seq());
  }

  /** Of each event the last line is the one that would be written now. */
  private Comparison events() throws IOException {
    Map<String, String> lines = new HashMap<>();
    Written.Lines written = progress.events();
    long seq;
    Map<String, Entry> entries = new HashMap<>();
    try (Snapshot events = of(StoreProjection.ALL_EVENTS);
        Snapshot broadcasts = of(Keys.BROADCASTS)) {
      seq = Math.min(events.seq(), broadcasts.seq());
      for (Iterator<Entry> i = events.scan(StoreProjection.ALL_EVENTS); i.hasNext(); ) {
        put(i.next(), entries);
      }
      for (Iterator<Entry> i = broadcasts.scan(Keys.BROADCASTS); i.hasNext(); ) {
        put(i.next(), entries);
      }
    }
    LinesFile file = new LinesFile(files.disk(), files.folder(), StoreProjection.EVENTS);
    boolean isSettled = progress.seq() >= seq;
    if (!file.exists()) {
      return written != null && (isSettled || !entries.isEmpty())
          ? damaged(StoreProjection.EVENTS, "it is missing")
          : Comparison.of(Result.EQUAL);
    }
    try {
      long[] count = {0};
      long bytes = written != null && file.size() >= written.bytes() ? written.bytes() : -1;
      LinesFile.Reader reader =
          line -> {
            if (count[0]++ == 0) {
              checkFirst(file, line, "events");
            } else if (LinesFile.hasValue(line)) {
              lines.put(LinesFile.id(line), LinesFile.checksum(line));
            } else {
              lines.remove(LinesFile.id(line));
            }
          };
      var _ = bytes >= 0 ? file.read(bytes, reader) : file.read(reader);
      if (isSettled && (written == null || bytes < 0 || count[0] != written.lines())) {
        return damaged(StoreProjection.EVENTS, "it has other lines than it had");
      }
    } catch (DamagedDocumentException e) {
      return Comparison.of(Result.DAMAGED, Fault.of(e));
    }
    return events(lines, entries, isSettled);
  }

  private static void put(Entry entry, Map<String, Entry> entries) {
    entries.put(entry.key(), entry);
  }

  private Comparison events(
      Map<String, String> lines, Map<String, Entry> entries, boolean isSettled) throws IOException {
    boolean isStale = false;
    for (Entry entry : entries.values()) {
      String line = lines.remove(entry.key());
      if (!expected(entry).equals(line)) {
        if (entry.seq() <= progress.seq()) {
          return damaged(StoreProjection.EVENTS, "it does not show what is so");
        }
        isStale = true;
      }
    }
    if (!lines.isEmpty() && isSettled) {
      return damaged(StoreProjection.EVENTS, "it shows what is not");
    }
    return isStale || !lines.isEmpty()
        ? stale(StoreProjection.EVENTS)
        : Comparison.of(Result.EQUAL);
  }

  private String expected(Entry entry) throws IOException {
    byte[] line = LinesFile.line(entry.key(), entry, pieces.encoded(entry.value()));
    return LinesFile.checksum(line);
  }

  private void checkFirst(LinesFile file, byte[] line, String kind) throws IOException {
    byte[] first = LinesFile.first("store", store, kind, null);
    if (!java.util.Arrays.equals(
        line, java.util.Arrays.copyOf(first, first.length - 1))) { // without its line feed
      throw file.damaged("it is another store's");
    }
  }

  /** Requests are there once and in their order. */
  private Comparison requests() throws IOException {
    Progress.Requests written = progress.requests();
    LinesFile file = new LinesFile(files.disk(), files.folder(), StoreProjection.REQUESTS);
    try (Snapshot snapshot = of(StoreProjection.ALL_REQUESTS)) {
      Passing passing =
          new Passing(
              snapshot.scan(StoreProjection.ALL_REQUESTS), written == null ? 0 : written.seq());
      if (!file.exists()) {
        return written != null && passing.misses(null)
            ? damaged(StoreProjection.REQUESTS, "it is missing")
            : Comparison.of(Result.EQUAL);
      }
      long[] count = {0};
      boolean[] isMissing = {false};
      long bytes =
          file.read(
              line -> {
                if (count[0]++ == 0) {
                  checkFirst(file, line, "requests");
                } else {
                  isMissing[0] |= passing.misses(line);
                }
              });
      isMissing[0] |= passing.misses(null);
      if (isMissing[0]) {
        return damaged(StoreProjection.REQUESTS, "it does not show what is so");
      }
      boolean isOther =
          written == null
              || bytes != written.lines().bytes()
              || count[0] != written.lines().lines();
      return isOther || passing.isStale
          ? stale(StoreProjection.REQUESTS)
          : Comparison.of(Result.EQUAL);
    } catch (DamagedDocumentException e) {
      return Comparison.of(Result.DAMAGED, Fault.of(e));
    }
  }

  /** Goes through entries and lines, which have one order. */
  private final class Passing {
    private final Iterator<Entry> entries;
    private final long upTo;
    private @Nullable Entry next;
    private boolean isStale;

    /**
     * @param upTo what came later need not be there
     */
    Passing(Iterator<Entry> entries, long upTo) {
      this.entries = entries;
      this.upTo = upTo;
      this.next = entries.hasNext() ? entries.next() : null;
    }

    /**
     * Takes a line; null behind the last.
     *
     * @return whether something is missing that had to be there, or is other than it was
     */
    boolean misses(byte @Nullable [] line) throws IOException {
      String id = line == null ? null : LinesFile.id(line);
      boolean misses = false;
      for (Entry entry = next; entry != null; entry = next) {
        int order = id == null ? -1 : Keys.compare(entry.key(), id);
        if (order > 0) {
          break;
        }
        boolean isThere =
            line != null && order == 0 && expected(entry).equals(LinesFile.checksum(line));
        boolean isErased = order == 0 && ((Remembered) entry.value()).answer() == null;
        misses |= !isThere && !isErased && entry.seq() <= upTo;
        isStale |= !isThere;
        next = entries.hasNext() ? entries.next() : null;
        if (order == 0) {
          return misses;
        }
      }
      isStale |= line != null; // it is no more, or was answered anew
      return misses;
    }
  }
}
