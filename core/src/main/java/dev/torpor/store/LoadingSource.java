package dev.torpor.store;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.NotLoadedException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source that loads what it is asked for and does not have: for who is alone with it, as an
 * opening is, and holds nobody up. Not thread-safe.
 */
public final class LoadingSource implements EntrySource {
  private final EntrySource source;
  private final Consumer<NotLoadedException> loader;

  /**
   * A source over another.
   *
   * @param loader makes what is missing be there when the source is asked again
   */
  public LoadingSource(EntrySource source, Consumer<NotLoadedException> loader) {
    this.source = source;
    this.loader = loader;
  }

  /** The entries of a store that nobody else uses meanwhile. */
  public static LoadingSource of(StateStore store) {
    return new LoadingSource(store.entries(), missing -> store.admit(store.load(missing)));
  }

  @Override
  public @Nullable Entry get(String key) {
    while (true) {
      try {
        return source.get(key);
      } catch (NotLoadedException missing) {
        loader.accept(missing);
      }
    }
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    return new Iterator<>() {
      private String next = from;
      private Iterator<Entry> entries = source.scan(prefix, from);

      @Override
      public boolean hasNext() {
        while (true) {
          try {
            return entries.hasNext();
          } catch (NotLoadedException missing) {
            loader.accept(missing);
            entries = source.scan(prefix, next);
          }
        }
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Entry entry = entries.next();
        next = entry.key() + '\0';
        return entry;
      }
    };
  }
}
