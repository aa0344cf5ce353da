package dev.torpor.store.file;

import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.Documents;
import java.io.IOException;

/**
 * Keeps the documents of a store up to it, on a thread of its own once it has begun. Thread-safe.
 */
final class Projector implements AutoCloseable {
  private final Documents documents;
  private final Chore projecting;
  private boolean begun;

  Projector(Documents documents, DocumentOptions options) {
    this.documents = documents;
    this.projecting = new Chore("documents", options.delay(), documents::run);
  }

  Documents documents() {
    return documents;
  }

  synchronized void begin() {
    if (!begun) {
      begun = true;
      projecting.start();
    }
  }

  /** Projects all that is committed. */
  void complete() throws IOException {
    documents.complete();
  }

  private synchronized boolean hasBegun() {
    return begun;
  }

  /** Gives up what somebody waits for, soon. */
  void end() {
    documents.end();
  }

  /** Ends it; what waits is projected, if there is time, but not in a store that was only read. */
  @Override
  public void close() {
    if (hasBegun()) {
      documents.end();
      projecting.close();
      documents.finish();
    }
  }
}
