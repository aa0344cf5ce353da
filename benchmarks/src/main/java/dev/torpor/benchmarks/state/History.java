package dev.torpor.benchmarks.state;

/** One conversation history that grows. For one thread. */
interface History extends AutoCloseable {

  /** Appends a message; on return it would survive a power cut. */
  void append(byte[] message) throws Exception;

  /** Appends a message that {@link #finish} makes durable at the latest. */
  void appendSoon(byte[] message) throws Exception;

  /** Returns when all is durable. */
  void finish() throws Exception;

  /** Returns when all is in its lasting form and nothing more is being written. */
  void settle() throws Exception;

  /** How many bytes of files were written ahead up to now, for lines that come later. */
  default long writtenAhead() throws Exception {
    return 0;
  }

  @Override
  void close() throws Exception;
}
