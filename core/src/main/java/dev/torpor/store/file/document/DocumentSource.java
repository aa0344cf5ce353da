package dev.torpor.store.file.document;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where documents get what they show. Thread-safe. */
public interface DocumentSource {
  /**
   * The entries of one agent, or of one kind of those that belong to none, as they are now. Every
   * change with a sequence number up to the snapshot's was {@linkplain Documents#changed told}
   * before this returns.
   *
   * @param owner what is before the first slash of their keys: {@code alice_123}, or {@code ~event}
   */
  Snapshot of(String owner) throws IOException;

  /** The entries of the whole store; as above, and dearer. */
  Snapshot ofStore() throws IOException;

  /**
   * Ids of the agents, living or deleted, that changed in commits above a sequence number. Others
   * may be among them, and any may come more than once.
   */
  Ids changedSince(long seq) throws IOException;

  /** Ids, read one after the other. For one thread; closed when they were read. */
  interface Ids extends Closeable {
    /** The next one; null behind the last. */
    @Nullable String next() throws IOException;

    @Override
    default void close() throws IOException {}
  }
}
