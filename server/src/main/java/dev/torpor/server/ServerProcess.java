package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that is a server: from its start to a signal that ends it. */
public final class ServerProcess {
  private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);

  private ServerProcess() {}

  /** {@link #run(ServeOptions, Consumer)} with the built-in behaviors alone. */
  public static int run(ServeOptions options) {
    return run(options, _ -> {});
  }

  /**
   * Opens the state folder, serves it, and says so in one line on standard output. Returns only
   * when the thread is interrupted; SIGTERM and SIGINT end the process with status 0 when all is
   * stopped and closed.
   *
   * @param moreBehaviors registers what the built-in behaviors lack, before anything is served
   * @return the exit code
   * @throws dev.torpor.TorporException when the folder cannot be used
   * @throws IllegalArgumentException when it must not listen where it was told to
   * @throws java.io.UncheckedIOException when it cannot listen there
   */
  public static int run(ServeOptions options, Consumer<Torpor> moreBehaviors) {
    Server.checkPlace(options.server());
    TorporBuilder store = Torpor.at(options.state()).documents(options.documents());
    Duration every = options.checkpointEvery();
    if (every != null) {
      store.checkpointEvery(every);
    }
    Duration within = options.eraseWithin();
    if (within != null) {
      store.eraseDeletedWithin(within);
    }
    Torpor torpor = store.open();
    Server server;
    try {
      moreBehaviors.accept(torpor);
      BuiltInBehaviors.register(torpor);
      server = Server.start(torpor, options.server());
    } catch (RuntimeException e) {
      torpor.close();
      throw e;
    }
    Thread hook = Thread.ofPlatform().name("torpor-stop").unstarted(() -> stop(server, torpor));
    Runtime.getRuntime().addShutdownHook(hook);
    System.out.println("torpor ready " + server.url());
    System.out.flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      close(server, torpor);
    }
    return 0;
  }

  /** The hook: it ends the process itself, because a signal's own status would be 143. */
  private static void stop(Server server, Torpor torpor) {
    int status = 0;
    try {
      close(server, torpor);
    } catch (RuntimeException e) {
      log.error("the stop failed; a start recovers", e);
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  private static void close(Server server, Torpor torpor) {
    log.info("stopping");
    try {
      server.close();
    } finally {
      torpor.close();
    }
    log.info("stopped");
  }
}
