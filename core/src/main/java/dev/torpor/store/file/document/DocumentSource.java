package dev.torpor.store.file.document;

import java.io.IOException;
import java.util.Iterator;

/** Where documents get what they show. Thread-safe. */
public interface DocumentSource {
  /**
   * All entries of one agent, those whose keys begin with its id and a slash. Every change with a
   * sequence number up to the snapshot's was {@linkplain Documents#changed told} before this
   * returns.
   */
  Snapshot of(String agent) throws IOException;

  /**
   * All entries of the store. What is changed while it is read may be seen or not, entry by entry.
   */
  Snapshot ofStore() throws IOException;

  /**
   * Ids of the agents, living or deleted, that changed in commits above a sequence number; any
   * others may be among them. It reads as it goes and throws {@link java.io.UncheckedIOException}
   * when it cannot.
   */
  Iterator<String> changedSince(long seq) throws IOException;
}
