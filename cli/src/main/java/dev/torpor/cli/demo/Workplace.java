package dev.torpor.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo works: a folder of its own and the server process in it. Nothing of it outlives
 * the demo, not even one that is ended with Ctrl-C.
 */
final class Workplace implements AutoCloseable {
  private final Path folder;
  private final boolean keep;
  private final Thread hook = new Thread(this::clear, "demo-end");
  private volatile @Nullable ServerChild server;

  private Workplace(Path folder, boolean keep) {
    this.folder = folder;
    this.keep = keep;
  }

  static Workplace make(boolean keep) throws IOException {
    Workplace workplace = new Workplace(Files.createTempDirectory("torpor-demo-"), keep);
    Runtime.getRuntime().addShutdownHook(workplace.hook);
    return workplace;
  }

  Path folder() {
    return folder;
  }

  /** Where steps write that they ran. */
  Path stepLog() {
    return folder.resolve("steps.log");
  }

  /** Starts a server on the state in this folder; returns when it is ready. */
  ServerChild start() throws IOException {
    ServerChild started = ServerChild.start(folder.resolve("state"), folder.resolve("server.log"));
    server = started;
    started.awaitReady();
    return started;
  }

  private synchronized void clear() {
    ServerChild running = server;
    if (running != null) {
      running.kill();
      server = null;
    }
    if (!keep) {
      remove();
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("torpor: cannot remove " + folder + "; remove it yourself");
    }
  }

  @Override
  public void close() {
    clear();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
