package dev.torpor.store.file.document;

import java.util.List;

/**
 * How the documents of an agent stand to its entries.
 *
 * @param result in one word
 * @param faults what is not as it should be; empty when they are equal
 */
public record Comparison(Result result, List<Fault> faults) {
  /**
   * What is not as it should be.
   *
   * @param file a document's name in the state folder
   * @param what in words
   */
  public record Fault(String file, String what) {
    static Fault of(DamagedDocumentException damage) {
      return new Fault(damage.file(), damage.what());
    }

    @Override
    public String toString() {
      return file + ": " + what;
    }
  }

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
    faults = List.copyOf(faults);
  }

  static Comparison of(Result result, Fault... faults) {
    return new Comparison(result, List.of(faults));
  }
}
