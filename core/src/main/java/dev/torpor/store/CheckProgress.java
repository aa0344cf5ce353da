package dev.torpor.store;

/** Is told how far a check of a whole store is. Called from the thread that checks. */
@FunctionalInterface
public interface CheckProgress {
  /** Nobody wants to know. */
  CheckProgress NONE = (what, done, total) -> {};

  /**
   * So far it is.
   *
   * @param what what is looked at now
   * @param done how many bytes are looked at
   * @param total about how many there are
   */
  void at(String what, long done, long total);
}
