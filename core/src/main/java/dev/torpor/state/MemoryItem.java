package dev.torpor.state;

import org.jspecify.annotations.Nullable;

/** One key of an agent's working memory and its value, which is any JSON value. */
public record MemoryItem(String key, @Nullable Object value) {
  public MemoryItem {
    value = Json.freeze(value);
  }
}
