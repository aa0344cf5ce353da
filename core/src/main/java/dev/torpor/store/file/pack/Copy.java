package dev.torpor.store.file.pack;

/** The two files that hold the same. */
public enum Copy {
  /** JSON lines, to look up and scan. */
  PACK,

  /** The same bytes, compressed. */
  TWIN;

  /** Returns the one that heals this one. */
  public Copy other() {
    return this == PACK ? TWIN : PACK;
  }
}
