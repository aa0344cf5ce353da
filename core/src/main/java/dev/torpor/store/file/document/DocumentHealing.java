package dev.torpor.store.file.document;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.file.document.Comparison.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all documents of a store and has those projected again that are not as they were written,
 * or not there; who projects is held up only for one agent that has such. What belongs to nobody is
 * moved away. Checksums are compared, and not what documents show. For one thread.
 */
public final class DocumentHealing {
  /** So many ids are looked up at once. */
  private static final int PAGE = 500;

  /** Takes what was found. */
  @FunctionalInterface
  public interface Findings {
    /**
     * A document was not as it was written.
     *
     * @param agent whose it is; null for the store's, or nobody's
     * @param healed whether it is now
     */
    void found(Fault fault, @Nullable String agent, boolean healed);
  }

  /** Moves a file to where it does no harm. */
  @FunctionalInterface
  public interface Mover {
    void move(Path file) throws IOException;
  }

  private final Documents documents;
  private final AgentFiles files;
  private final DocumentSource source;

  DocumentHealing(Documents documents, AgentFiles files, DocumentSource source) {
    this.documents = documents;
    this.files = files;
    this.source = source;
  }

  /**
   * Does it.
   *
   * @param read told how many bytes are read, each time some more; may wait
   */
  public void run(LongConsumer read, Mover mover, Findings findings) throws IOException {
    heal(Session.USER, read, findings);
    String last = null;
    for (List<String> page = after(null); !page.isEmpty(); page = after(last)) {
      for (String id : page) {
        heal(id, read, findings);
      }
      last = page.getLast();
    }
    for (Strays.Stray stray : new Strays(files.disk(), files.folder(), source).find()) {
      if (stray.agent() != null) {
        remove(stray, stray.agent(), mover, findings);
      }
    }
    for (Fault fault : documents.healStore()) {
      findings.found(fault, null, true);
    }
  }

  /** Ids of agents, in their order, behind one; from the first for null. */
  private List<String> after(@Nullable String last) throws IOException {
    List<String> ids = new ArrayList<>();
    try (Snapshot snapshot = source.of(Keys.IDS.substring(0, Keys.IDS.length() - 1))) {
      String from = last == null ? Keys.IDS : Keys.id(last) + "\0";
      for (Iterator<Entry> i = snapshot.scan(Keys.IDS, from); i.hasNext() && ids.size() < PAGE; ) {
        ids.add((String) i.next().value());
      }
    }
    return ids;
  }

  private void heal(String agent, LongConsumer read, Findings findings) throws IOException {
    DocumentSums sums = new DocumentSums(files, source);
    DocumentSums.Sums first = sums.of(agent, read);
    if (first.equals(DocumentSums.Sums.GOOD)
        || (first.faults().isEmpty() && first.isBehind() && documents.isWaiting(agent))) {
      return; // what waits is projected at the rate that is meant for it, not at this one
    }
    List<Fault> faults = documents.heal(agent, sums);
    if (!faults.isEmpty()) {
      DocumentSums.Sums now = sums.of(agent, _ -> {});
      boolean healed = now.faults().isEmpty() && !now.isAhead();
      faults.forEach(fault -> findings.found(fault, agent, healed));
    }
  }

  private void remove(Strays.Stray stray, String agent, Mover mover, Findings findings)
      throws IOException {
    Fault fault = new Fault(stray.file(), stray.what());
    if (stray.wasHere()) {
      documents.again(agent); // a deletion that was cut off; told by nobody
    } else if (documents.remove(stray, mover)) {
      findings.found(fault, null, true);
    }
  }
}
