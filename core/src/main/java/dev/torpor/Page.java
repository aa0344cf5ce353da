package dev.torpor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param items in the list's order
 * @param nextCursor where the next page begins; null when this was the last. It stays right while
 *     things change.
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  /** How many items a page has unless said. */
  public static final int DEFAULT_LIMIT = 100;

  /** How many items a page can have. */
  public static final int MAX_LIMIT = 1000;

  public Page {
    items = List.copyOf(items);
  }
}
