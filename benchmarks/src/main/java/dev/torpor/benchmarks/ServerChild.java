package dev.torpor.benchmarks;

import dev.torpor.server.ServeOptions;
import dev.torpor.server.ServerOptions;
import dev.torpor.server.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Torpor server as a process of its own, with the options that it has by default. */
public final class ServerChild implements AutoCloseable {

  private static final String READY = "torpor ready ";

  private final Process process;
  private final URI url;

  /** Starts one; it answers when this returns. */
  ServerChild(Path state) throws IOException {
    this(state, List.of());
  }

  /**
   * Starts one; it answers when this returns.
   *
   * @param flags of its JVM
   */
  public ServerChild(Path state, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-Dlogback.configurationFile=logback-benchmarks.xml");
    command.addAll(flags);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ServerChild.class.getName(),
            state.toString()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    url = awaitReady();
  }

  /** The process; its argument is the state folder. */
  public static void main(String[] args) {
    System.exit(
        ServerProcess.run(new ServeOptions(Path.of(args[0]), ServerOptions.DEFAULT.port(0))));
  }

  private URI awaitReady() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.startsWith(READY)) { // a profiler, say, speaks first
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the server did not start");
    }
    return URI.create(line.substring(READY.length()));
  }

  HttpConnection connect() throws IOException {
    return new HttpConnection(url.getHost(), url.getPort());
  }

  /** For how long its threads together had a processor, up to now. */
  long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not stop within 30 s");
    }
  }
}
