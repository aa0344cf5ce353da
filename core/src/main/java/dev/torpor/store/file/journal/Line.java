package dev.torpor.store.file.journal;

import java.time.Instant;

/** What a line of a segment turned out to be. */
sealed interface Line {

  /** A segment's first line. */
  record Header(long number, long format, String store, long from, long size) implements Line {}

  /** A commit. */
  record Commit(long seq, long durable, Instant at) implements Line {}

  /** A line that only says what is durable. */
  record Mark(long durable) implements Line {}

  /** No line that the journal wrote. */
  record Bad(String what) implements Line {}
}
