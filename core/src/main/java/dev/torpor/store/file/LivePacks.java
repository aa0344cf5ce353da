package dev.torpor.store.file;

import dev.torpor.store.file.pack.Pack;
import dev.torpor.store.file.pack.PackDamagedException;
import dev.torpor.store.file.pack.PackDescription;
import dev.torpor.store.file.pack.PackFolder;
import dev.torpor.store.file.pack.RunStack;
import dev.torpor.store.file.pack.SortedRun;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packs that count, open for reading. Whoever reads holds a view: its packs stay open until it
 * is closed, even if they are merged and removed meanwhile. Thread-safe.
 */
final class LivePacks implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(LivePacks.class);

  private final PackFolder folder;

  /** The packs that count, the oldest first; another list when they are others. */
  private Supplier<List<PackDescription>> named;

  /** The packs that are open, by number. */
  private final Map<Long, Open> open = new HashMap<>();

  private @Nullable View current;
  private boolean closed;

  /** An open pack, and how many views have it. */
  private static final class Open {
    private final Pack pack;
    private int views;

    Open(Pack pack) {
      this.pack = pack;
    }
  }

  /**
   * @param named gives the packs that count, the oldest first; another list when they are others
   */
  LivePacks(PackFolder folder, Supplier<List<PackDescription>> named) {
    this.folder = folder;
    this.named = named;
  }

  /** Says who knows from here on what counts. */
  synchronized void follow(Supplier<List<PackDescription>> named) {
    this.named = named;
  }

  /** What packs held at one moment. To be closed. */
  final class View implements Closeable {
    private final List<PackDescription> descriptions;
    private final List<Open> packs;
    private final RunStack stack;

    /** Readers, and one more as long as it is the current one. Guarded by the packs. */
    private int holders = 1;

    private View(List<PackDescription> descriptions, List<Open> packs) {
      this.descriptions = descriptions;
      this.packs = packs;
      List<SortedRun> newestFirst = new ArrayList<>();
      packs.reversed().forEach(open -> newestFirst.add(open.pack));
      this.stack = new RunStack(newestFirst);
    }

    RunStack stack() {
      return stack;
    }

    /** Its packs' descriptions, the oldest first. */
    List<PackDescription> descriptions() {
      return descriptions;
    }

    /** Up to which sequence number it has all. */
    long packed() {
      return descriptions.isEmpty() ? 0 : descriptions.getLast().to();
    }

    @Override
    public void close() {
      letGo(this);
    }
  }

  /**
   * Gives what counts now.
   *
   * @throws PackDamagedException when a pack cannot be opened
   * @throws IOException when its file cannot be read, or the store is closed
   */
  synchronized View view() throws IOException {
    if (closed) {
      throw new IOException("the store is closed");
    }
    View view = current;
    if (view == null || !view.descriptions.equals(named.get())) {
      view = refreshed();
    }
    view.holders++;
    return view;
  }

  private View refreshed() throws IOException {
    while (true) {
      List<PackDescription> descriptions = named.get();
      try {
        List<Open> packs = new ArrayList<>();
        for (PackDescription description : descriptions) {
          packs.add(opened(description));
        }
        packs.forEach(pack -> pack.views++);
        View fresh = new View(descriptions, packs);
        View old = current;
        current = fresh;
        if (old != null) {
          letGo(old);
        }
        return fresh;
      } catch (PackDamagedException e) {
        if (descriptions.equals(named.get())) {
          throw e;
        } // it was merged, and removed, between the look at what counts and the opening
      }
    }
  }

  private Open opened(PackDescription description) throws IOException {
    Open known = open.get(description.number());
    if (known == null) {
      known = new Open(folder.open(description));
      open.put(description.number(), known);
    }
    return known;
  }

  private synchronized void letGo(View view) {
    view.holders--;
    if (view.holders == 0) {
      for (Open pack : view.packs) {
        pack.views--;
        if (pack.views == 0) {
          open.remove(pack.pack.description().number());
          close(pack.pack);
        }
      }
    }
  }

  private static void close(Pack pack) {
    try {
      pack.close();
    } catch (IOException e) {
      log.warn("pack {} could not be closed", pack.description().number(), e);
    }
  }

  /** No view is given any more; those that are held stay good. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      View view = current;
      current = null;
      if (view != null) {
        letGo(view);
      }
    }
  }
}
