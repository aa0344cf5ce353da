package dev.torpor.store.file.document;

import dev.torpor.disk.Disk;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.document.Comparison.Fault;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks all documents of a store: every byte by its checksum, and what they show against the
 * entries. Changes nothing. Used once, by one thread.
 */
public final class DocumentCheck {
  /** Compares documents with entries. */
  interface Comparer {
    Comparison compare(String agent) throws IOException;

    /** How the store's own stand to them: one for each that is not as it should be. */
    List<Comparison> compareStore(Progress progress) throws IOException;
  }

  /** Takes what is found. */
  public interface Findings {
    /**
     * A document is not as it was written, or shows what is not so.
     *
     * @param agent whose it is; null for the store's
     * @param healable whether projecting it again makes it good
     */
    void damaged(String file, @Nullable String agent, String what, boolean healable);

    /** A document shows what was so before, in a sentence: no damage. */
    void stale(String what);
  }

  private final Disk disk;
  private final Path folder;
  private final String store;
  private final DocumentSource source;
  private final Comparer comparer;

  DocumentCheck(Disk disk, Path folder, String store, DocumentSource source, Comparer comparer) {
    this.disk = disk;
    this.folder = folder;
    this.store = store;
    this.source = source;
    this.comparer = comparer;
  }

  /**
   * A check of documents that nobody writes meanwhile.
   *
   * @param folder the state folder
   * @param source of entries that do not change meanwhile
   */
  public static DocumentCheck ofFolder(
      Disk disk, Path folder, String store, StateSerializer serializer, DocumentSource source) {
    AgentFiles files = new AgentFiles(disk, folder);
    return new DocumentCheck(
        disk, folder, store, source, new Unshared(files, store, serializer, source));
  }

  private record Unshared(
      AgentFiles files, String store, StateSerializer serializer, DocumentSource source)
      implements Comparer {
    @Override
    public Comparison compare(String agent) throws IOException {
      try (Snapshot snapshot = source.of(agent)) {
        return new Comparing(files, new Pieces(serializer), snapshot, agent).run();
      }
    }

    @Override
    public List<Comparison> compareStore(Progress progress) throws IOException {
      return new StoreComparing(files, store, new Pieces(serializer), source, progress).run();
    }
  }

  /** Checks them, where there are any. */
  public void run(Findings findings) throws IOException {
    Progress progress = progress(findings);
    if (progress == null) {
      return;
    }
    try (Snapshot ids = source.of(Keys.IDS.substring(0, Keys.IDS.length() - 1))) {
      for (Iterator<Entry> i = ids.scan(Keys.IDS); i.hasNext(); ) {
        compare((String) i.next().value(), progress, findings);
      }
    }
    compare(Session.USER, progress, findings);
    for (Strays.Stray stray : new Strays(disk, folder, source).find()) {
      if (stray.agent() == null || stray.wasHere()) {
        findings.stale(stray.file() + ": " + stray.what());
      } else {
        findings.damaged(stray.file(), null, stray.what(), true);
      }
    }
    for (Comparison comparison : comparer.compareStore(progress)) {
      tell(comparison, null, findings);
    }
  }

  /** How far they are, as they say; null when there are none. */
  private @Nullable Progress progress(Findings findings) throws IOException {
    try {
      return Progress.checked(disk, folder, store);
    } catch (DamagedDocumentException e) {
      findings.damaged(e.file(), null, e.what(), true);
    } catch (NoSuchFileException e) {
      boolean any = false;
      for (String name : Strays.folders()) {
        any |= disk.exists(folder.resolve(name)) && !disk.list(folder.resolve(name)).isEmpty();
      }
      if (!any) {
        return null;
      }
      findings.damaged(Progress.FILE, null, "it is missing", true);
    }
    return Progress.NONE;
  }

  private void compare(String agent, Progress progress, Findings findings) throws IOException {
    Comparison comparison = comparer.compare(agent);
    if (comparison.result() == Comparison.Result.MISSING) {
      try (Snapshot snapshot = source.of(agent)) {
        Entry session = snapshot.get(Keys.session(agent));
        if (session != null && session.seq() > progress.seq()) {
          findings.stale("there are no documents of agent '" + agent + "' yet");
          return;
        }
      }
    }
    tell(comparison, agent, findings);
  }

  private static void tell(Comparison comparison, @Nullable String agent, Findings findings) {
    for (Fault fault : comparison.faults()) {
      switch (comparison.result()) {
        case EQUAL -> {}
        case STALE -> findings.stale(fault.toString());
        case DAMAGED, MISSING -> findings.damaged(fault.file(), agent, fault.what(), true);
        case NEWER -> findings.damaged(fault.file(), agent, fault.what(), false);
      }
    }
  }
}
