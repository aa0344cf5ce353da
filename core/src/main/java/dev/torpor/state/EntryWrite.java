package dev.torpor.state;

/** What a commit does to the entries, in order. */
public sealed interface EntryWrite {
  /** The key, or the prefix. */
  String key();

  /** Puts a value in the place of any older one. */
  record Put(String key, long version, Object value) implements EntryWrite {}

  /** Removes a key, whether it is there or not. */
  record Remove(String key) implements EntryWrite {}

  /** Removes every key that begins so. */
  record RemovePrefix(String key) implements EntryWrite {}
}
