package dev.torpor.store.file.journal;

/** Writes what a commit says into its line. */
@FunctionalInterface
public interface BodyWriter {

  /**
   * Writes one or more fields of a JSON object, such as {@code "changes":[…]}: UTF-8, without the
   * braces around, and without a line break. Called once, at once, under the caller's and the
   * journal's locks: it must not wait, nor call the journal. What it throws comes out of {@link
   * Journal#append}, and nothing of the line is left.
   */
  void writeTo(LineBuffer line);
}
