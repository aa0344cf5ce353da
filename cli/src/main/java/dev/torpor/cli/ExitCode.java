package dev.torpor.cli;

/** What a command says to the shell. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USAGE = 2;
  public static final int DAMAGED = 3;

  private ExitCode() {}
}
