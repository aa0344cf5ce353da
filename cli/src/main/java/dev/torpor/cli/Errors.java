package dev.torpor.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Errors as a person reads them: one line on the error stream. */
final class Errors {
  private Errors() {}

  static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    print(command.getErr(), oneLine(e) + "; see " + name + " --help");
    return ExitCode.WRONG_USAGE;
  }

  static int failed(Exception e, CommandLine command, boolean verbose) {
    print(command.getErr(), oneLine(e));
    if (verbose) {
      e.printStackTrace(command.getErr());
    }
    return e instanceof CommandException failure ? failure.exitCode() : ExitCode.FAILED;
  }

  private static void print(PrintWriter err, String line) {
    err.println("torpor: " + line);
    err.flush();
  }

  private static String oneLine(Exception e) {
    String message = e.getMessage();
    String text = message == null ? e.getClass().getSimpleName() : message;
    return (e instanceof CommandException || e instanceof ParameterException
            ? text
            : text + " (" + e.getClass().getSimpleName() + "; --verbose shows where)")
        .strip()
        .replaceAll("\\s*\\R\\s*", " ");
  }
}
