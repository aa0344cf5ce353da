package dev.torpor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as it is packaged, in a process of its own that ends with the test. */
public final class Program implements AutoCloseable {
  private final Process process;

  private Program(Process process) {
    this.process = process;
  }

  /** What a process that has ended left behind. */
  public record Ended(int status, String out, String err) {}

  /** Starts a command; its errors are written to a file. */
  static Program start(Path errors, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-jar", Path.of("target", "torpor.jar").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return new Program(new ProcessBuilder(command).redirectError(errors.toFile()).start());
  }

  /** Runs a command to its end. */
  public static Ended run(Path errors, String... arguments)
      throws IOException, InterruptedException {
    try (Program program = start(errors, arguments)) {
      String out =
          new String(program.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!program.process.waitFor(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("torpor " + String.join(" ", arguments) + " does not end");
      }
      return new Ended(program.process.exitValue(), out, Files.readString(errors));
    }
  }

  Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
