package dev.torpor.cli;

/** The command line's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("torpor 0.1.0-SNAPSHOT");
  }
}
