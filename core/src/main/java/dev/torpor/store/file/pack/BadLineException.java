package dev.torpor.store.file.pack;

/** A line is not what was written; the message says in what. */
final class BadLineException extends Exception {

  private static final long serialVersionUID = 1L;

  BadLineException(String what) {
    super(what, null, false, false);
  }
}
