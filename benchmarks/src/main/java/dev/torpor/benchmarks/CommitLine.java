package dev.torpor.benchmarks;

import java.util.Arrays;

/** What stands for a commit in the bare loops: as many bytes as Torpor's journal has for one. */
public final class CommitLine {

  /**
   * The length of Torpor's journal line for a commit that appends one message of this benchmark.
   */
  public static final int BYTES = 420;

  /** More than all writers can have waiting. */
  static final int MAX_BATCH_BYTES = 1 << 20;

  private CommitLine() {}

  static byte[] create() {
    byte[] line = new byte[BYTES];
    Arrays.fill(line, (byte) 'x');
    line[BYTES - 1] = '\n';
    return line;
  }
}
