package dev.torpor.store.file;

import dev.torpor.store.RecoveryReport.Damage;
import dev.torpor.store.file.document.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Reads the documents, and has those projected again that are damaged. For one thread at a time.
 */
final class DocumentScrub implements Scrub.Subject {
  private final Documents documents;
  private final Quarantine quarantine;

  /** How much there was to read the last time: to know it would cost as much as half of reading. */
  private volatile long size;

  DocumentScrub(Documents documents, Quarantine quarantine) {
    this.documents = documents;
    this.quarantine = quarantine;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void scrub(Scrub.Reading reading) throws IOException {
    AtomicLong read = new AtomicLong();
    LongConsumer progress = reading.file();
    try {
      documents
          .healing()
          .run(
              bytes -> progress.accept(read.addAndGet(bytes)),
              quarantine::take,
              (fault, agent, healed) ->
                  reading.found(new Damage(fault.file(), agent, fault.what(), healed)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    size = read.get();
  }
}
