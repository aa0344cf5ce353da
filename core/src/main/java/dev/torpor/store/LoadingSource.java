package dev.torpor.store;

import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.NotLoadedException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source that loads what it is asked for and does not have: for who is alone with it, as an
 * opening is, and holds nobody up. Not thread-safe.
 */
public final class LoadingSource implements EntrySource {
  private final EntrySource source;
  private final Function<NotLoadedException, Loaded> load;
  private final Consumer<List<Loaded>> admit;

  /**
   * A source over another.
   *
   * @param load reads what is missing
   * @param admit lets the source have what was read, all of it together
   */
  public LoadingSource(
      EntrySource source, Function<NotLoadedException, Loaded> load, Consumer<List<Loaded>> admit) {
    this.source = source;
    this.load = load;
    this.admit = admit;
  }

  /** The entries of a store that nobody else uses meanwhile. */
  public static LoadingSource of(StateStore store) {
    return new LoadingSource(store.entries(), store::load, store::admit);
  }

  /** Asks as often as something must be loaded first. */
  private <T extends @Nullable Object> T asked(Supplier<T> question) {
    List<Loaded> loaded = new ArrayList<>();
    while (true) {
      try {
        return question.get();
      } catch (NotLoadedException missing) {
        loaded.add(load.apply(missing));
        admit.accept(loaded);
      }
    }
  }

  @Override
  public @Nullable Entry get(String key) {
    return asked(() -> source.get(key));
  }

  @Override
  public Iterator<Entry> scan(String prefix, String from) {
    return new Iterator<>() {
      private String next = from;
      private @Nullable Entry found;

      @Override
      public boolean hasNext() {
        if (found == null) {
          found = LoadingSource.this.<@Nullable Entry>asked(this::first);
        }
        return found != null;
      }

      private @Nullable Entry first() {
        Iterator<Entry> entries = source.scan(prefix, next);
        return entries.hasNext() ? entries.next() : null;
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Entry entry = Objects.requireNonNull(found);
        found = null;
        next = entry.key() + '\0';
        return entry;
      }
    };
  }
}
