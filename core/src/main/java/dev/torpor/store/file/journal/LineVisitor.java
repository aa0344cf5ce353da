package dev.torpor.store.file.journal;

import java.io.IOException;
import java.time.Instant;

/** Is shown the commits of a journal, one by one. */
@FunctionalInterface
public interface LineVisitor {

  /**
   * Sees a commit's line. Its checksum is good, and its first fields are as specified; what follows
   * them was not parsed.
   *
   * @param bytes holds the line until this returns, and may hold others beside it
   * @param offset where the line's object begins, with its brace
   * @param length its length, without the line break
   * @throws IOException to break off; comes out of {@link JournalReader#replay}
   */
  void line(long seq, Instant at, byte[] bytes, int offset, int length) throws IOException;
}
