package dev.torpor.store.file;

import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Session;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.document.DocumentSource;
import dev.torpor.store.file.document.Snapshot;
import dev.torpor.store.file.journal.Journal;
import dev.torpor.store.file.pack.EntryCursor;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackEntry;
import dev.torpor.store.file.pack.SortedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of a store: what is in no pack, copied, over the packs of the moment. Nothing is taken
 * into memory for them that was not there, and nothing of it stays. Thread-safe.
 */
final class StoreSnapshots implements DocumentSource {
  private static final String SESSION = "/session";
  private static final String DELETED = "~deleted/";

  private final Object writing;
  private final MemoryTable table;
  private final LivePacks packs;
  private final StateSerializer serializer;
  private final Journal journal;

  /**
   * @param writing guards the table
   */
  StoreSnapshots(
      Object writing,
      MemoryTable table,
      LivePacks packs,
      StateSerializer serializer,
      Journal journal) {
    this.writing = writing;
    this.table = table;
    this.packs = packs;
    this.serializer = serializer;
    this.journal = journal;
  }

  @Override
  public Snapshot of(String owner) throws IOException {
    return snapshot(owner + "/");
  }

  @Override
  public Snapshot ofStore() throws IOException {
    return snapshot("");
  }

  private StoreSnapshot snapshot(String prefix) throws IOException {
    while (true) {
      List<Entry> unpacked = new ArrayList<>();
      LivePacks.View view = packs.view();
      boolean taken = false;
      try {
        long seq;
        synchronized (writing) {
          if (table.packed() > view.packed()) {
            continue; // what it lacks may have been let go
          }
          seq = journal.appended();
          table.unpacked(prefix, unpacked::add);
        }
        journal.awaitDurable(seq);
        taken = true;
        return new StoreSnapshot(seq, unpacked, view, serializer);
      } finally {
        if (!taken) {
          view.close();
        }
      }
    }
  }

  @Override
  public Ids changedSince(long seq) throws IOException {
    while (true) {
      List<String> changed = new ArrayList<>();
      LivePacks.View view = packs.view();
      synchronized (writing) {
        if (table.packed() <= view.packed()) {
          table.unpacked("", entry -> addChanged(entry, changed));
          return new Changed(changed.iterator(), view, seq);
        }
      }
      view.close(); // what it lacks may have been let go
    }
  }

  private static void addChanged(Entry entry, List<String> agents) {
    if (entry.value() instanceof Session session) {
      agents.add(session.agentId());
    } else if (entry.value() instanceof Deleted deleted) {
      agents.add(deleted.agentId());
    }
  }

  /** Those that changed in memory, and behind them those that changed in packs. */
  private final class Changed implements Ids {
    private final Iterator<String> inMemory;
    private final LivePacks.View view;
    private final Iterator<SortedRun> newer;
    private final long seq;
    private EntryCursor cursor = () -> null;

    Changed(Iterator<String> inMemory, LivePacks.View view, long seq) {
      this.inMemory = inMemory;
      this.view = view;
      this.seq = seq;
      List<SortedRun> runs = new ArrayList<>();
      List<PackDescription> newestFirst = view.descriptions().reversed();
      for (int i = 0; i < newestFirst.size() && newestFirst.get(i).to() > seq; i++) {
        runs.add(view.stack().newestFirst().get(i));
      }
      this.newer = runs.iterator();
    }

    @Override
    public @Nullable String next() throws IOException {
      if (inMemory.hasNext()) {
        return inMemory.next();
      }
      while (true) {
        PackEntry entry = cursor.next();
        if (entry == null) {
          if (!newer.hasNext()) {
            return null;
          }
          cursor = newer.next().scan("", "");
        } else if (entry.seq() > seq && entry.hasValue()) {
          String agent = agent(entry);
          if (agent != null) {
            return agent;
          }
        }
      }
    }

    private @Nullable String agent(PackEntry entry) {
      String key = entry.key();
      if (key.startsWith(DELETED)) {
        return ((Deleted) RangeLoader.decoded(entry, serializer).value()).agentId();
      }
      boolean isSession =
          key.endsWith(SESSION) && key.indexOf('/') == key.length() - SESSION.length();
      return isSession && !key.startsWith("~")
          ? key.substring(0, key.length() - SESSION.length())
          : null;
    }

    @Override
    public void close() {
      view.close();
    }
  }
}
