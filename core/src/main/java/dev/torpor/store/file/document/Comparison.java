package dev.torpor.store.file.document;

import java.util.List;

/**
 * How the documents of an agent stand to its entries.
 *
 * @param result in one word
 * @param what in words, what is not as it should be; empty when they are equal
 */
public record Comparison(Result result, List<String> what) {
  /** The word. */
  public enum Result {
    /** They show what is so. */
    EQUAL,
    /** They show what was so before; nothing is wrong with them. */
    STALE,
    /** They show what came later: it is the entries that lost something. */
    NEWER,
    /** One is not as it was written, or gone, or shows what never was. */
    DAMAGED,
    /** There are none. */
    MISSING
  }

  public Comparison {
    what = List.copyOf(what);
  }

  static Comparison of(Result result, String... what) {
    return new Comparison(result, List.of(what));
  }
}
