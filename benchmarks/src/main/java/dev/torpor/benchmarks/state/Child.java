package dev.torpor.benchmarks.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that plays a {@link Role}. It says what it finds in lines of a name and numbers, which
 * are read here in their order. For one thread.
 */
final class Child implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedReader said;
  private final long started = System.nanoTime();

  private Child(Process process) {
    this.process = process;
    this.said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a process.
   *
   * @param flags of its JVM, beside those that every one here has
   */
  static Child start(List<String> flags, Role role, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Dlogback.configurationFile=logback-benchmarks.xml");
    command.add("-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider"); // not sought
    command.add("-Dslf4j.internal.verbosity=WARN"); // in some twenty jars, as in the launcher's one
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Role.class.getName()));
    command.add(role.name());
    for (Object argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /**
   * Plays a role once for an {@link AotCache}.
   *
   * @return the flags of a process that plays it again
   */
  static List<String> trained(Path cache, List<String> flags, Role role, Object... arguments)
      throws IOException, InterruptedException {
    try (Child child = start(AotCache.training(cache, flags), role, arguments)) {
      child.awaitEnd();
    }
    return AotCache.using(cache, flags);
  }

  /**
   * Waits for the next line of a name; what it says before is passed over.
   *
   * @throws ChildFailedException when the process ends without
   */
  double[] await(String name) throws IOException, InterruptedException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals(name)) {
        double[] numbers = new double[words.length - 1];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = Double.parseDouble(words[i + 1]);
        }
        return numbers;
      }
    }
    int status = process.waitFor();
    throw new ChildFailedException(
        status == 3 ? "out of memory" : "ended with %d before '%s'".formatted(status, name));
  }

  /** Seconds since the process was started. */
  double age() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** Ends it by SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Waits until it has ended by itself, after all that it has to say. */
  void awaitEnd() throws IOException, InterruptedException {
    String _ = said.readAllAsString();
    int status = process.waitFor();
    if (status != 0) {
      throw new ChildFailedException("ended with " + status);
    }
  }

  /** Ends it if it has not ended. */
  @Override
  public void close() throws InterruptedException {
    if (!process.waitFor(0, TimeUnit.SECONDS)) {
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  /** A process did not do what it was to do; the message says why, in few words. */
  static final class ChildFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    ChildFailedException(String why) {
      super(why);
    }
  }
}
