package dev.torpor.benchmarks;

/** An open contender. */
public interface Session extends AutoCloseable {

  /**
   * Appends a message to an agent; on return it would survive a power cut. Each agent has one
   * writer, and all of them call at once.
   *
   * @param agent from 0
   */
  void append(int agent, byte[] message) throws Exception;

  /** For how long the threads that do the work had a processor, up to now. */
  default long cpuNanos() {
    return Machine.cpuNanos();
  }

  @Override
  void close() throws Exception;
}
