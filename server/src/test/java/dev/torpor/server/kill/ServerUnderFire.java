package dev.torpor.server.kill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The server process: started, killed, started again. */
final class ServerUnderFire implements AutoCloseable {
  private static final String READY = "torpor ready ";

  private final Path folder;
  private final Path state;
  private final Path sideEffects;
  private final Path log;
  private Process process;
  private volatile String url;

  ServerUnderFire(Path folder) throws IOException {
    this.folder = folder;
    state = folder.resolve("state");
    sideEffects = folder.resolve("side-effects");
    log = folder.resolve("server.log");
    process = launch(folder);
    url = awaitReady();
  }

  /** Starts one over the folder {@code state} in a folder, and does not wait for it. */
  static Process launch(Path folder) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            KillServer.class.getName(),
            folder.resolve("state").toString(),
            folder.resolve("side-effects").toString())
        .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
        .start();
  }

  private String awaitReady() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return line.substring(READY.length());
      }
    }
    throw new IOException("the server did not start; see " + log);
  }

  /** Where it answers now; another place after each start. */
  String url() {
    return url;
  }

  Path state() {
    return state;
  }

  Path sideEffects() {
    return sideEffects;
  }

  Path log() {
    return log;
  }

  /** SIGKILL, and a start over what is there. */
  void killAndRestart() throws IOException, InterruptedException {
    kill();
    restart();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** A start over what is there. */
  void restart() throws IOException {
    process = launch(folder);
    url = awaitReady();
  }

  /** SIGTERM; gives the exit status. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server did not stop within 30 s");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
