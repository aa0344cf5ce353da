package dev.torpor.store.file.document;

/** What was done to files. Not thread-safe. */
final class Cost {
  private long files;
  private long bytes;
  private long rewritten;

  /** A file was written anew. */
  void rewritten(long length) {
    files++;
    bytes += length;
    rewritten += length;
  }

  /** A file was appended to. */
  void appended(long length) {
    files++;
    bytes += length;
  }

  /** How many files were touched. */
  long files() {
    return files;
  }

  /** How many bytes were written. */
  long bytes() {
    return bytes;
  }

  /** How many of them were written although something of their files was there before. */
  long rewritten() {
    return rewritten;
  }
}
