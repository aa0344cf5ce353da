package dev.torpor.cli.demo;

import dev.torpor.cli.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server in a process of its own. */
final class ServerChild {
  private static final String READY = "torpor ready ";

  /** The servers live for some seconds: code that is compiled fast is better than fast code. */
  private static final List<String> FOR_A_SHORT_LIFE = List.of("-XX:TieredStopAtLevel=1");

  private static final String MAIN = "dev.torpor.cli.Main";

  private final Process process;
  private final Path errors;
  private String url = "";

  private ServerChild(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
  }

  /** Starts a server on a state folder; it is not ready yet. */
  static ServerChild start(Path state, Path errors) throws IOException {
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of("demo-server", "--state", state.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new ServerChild(process, errors);
  }

  void awaitReady() throws IOException {
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        url = line.substring(READY.length()).strip();
        Thread.startVirtualThread(() -> drain(out));
        return;
      }
    }
    throw CommandException.failed("the demo's server did not start: " + lastLine(errors));
  }

  /** This JVM's own command up to the program's arguments: the same JDK, flags and class path. */
  private static List<String> java() {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> arguments = List.of(self.arguments().orElse(new String[0]));
    int jar = arguments.indexOf("-jar");
    int end = jar >= 0 ? jar + 2 : arguments.indexOf(MAIN) + 1;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FOR_A_SHORT_LIFE);
    command.addAll(
        end > 0
            ? arguments.subList(0, end)
            : List.of("-cp", System.getProperty("java.class.path"), MAIN));
    return command;
  }

  private static void drain(BufferedReader out) {
    try (out) {
      while (out.readLine() != null) {
        // what the server says later is for nobody, but a full pipe would stop it
      }
    } catch (IOException e) {
      return; // the process is gone
    }
  }

  private static String lastLine(Path errors) throws IOException {
    List<String> lines = Files.readAllLines(errors);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  String url() {
    return url;
  }

  long pid() {
    return process.pid();
  }

  /** Ends it at once, as a power cut would: SIGKILL. Returns when it is gone. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
