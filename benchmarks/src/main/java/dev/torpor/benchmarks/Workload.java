package dev.torpor.benchmarks;

/**
 * Who writes. Each writer has an agent of its own and waits for a message before it sends the next.
 */
public enum Workload {
  W1("one writer", 1, 25),
  W2("64 writers on 64 agents", 64, 5),
  W2r("the same by JSON-RPC over HTTP, each writer on a connection of its own", 64, 15);

  public static final int MESSAGE_BYTES = 200;

  private final String description;
  private final int writers;
  private final int seconds;

  Workload(String description, int writers, int seconds) {
    this.description = description;
    this.writers = writers;
    this.seconds = seconds;
  }

  /** How long a round takes: long enough for several changes of the journal's segment. */
  int seconds() {
    return seconds;
  }

  String description() {
    return description;
  }

  public int writers() {
    return writers;
  }
}
