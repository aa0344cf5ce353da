package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A process that is a server: from its start to a signal that ends it. */
public final class ServerProcess {
  private ServerProcess() {}

  /** {@link #run(ServeOptions, Consumer)} with the built-in behaviors alone. */
  public static int run(ServeOptions options) {
    return run(options, _ -> {});
  }

  /**
   * Opens the state folder, serves it, and says so in one line on standard output. Returns only
   * when the thread is interrupted; SIGTERM and SIGINT end the process with status 0 when all is
   * stopped and closed, be it while the folder is being opened: then nothing is served any more.
   *
   * @param moreBehaviors registers what the built-in behaviors lack, before anything is served
   * @return the exit code
   * @throws dev.torpor.TorporException when the folder cannot be used
   * @throws IllegalArgumentException when it must not listen where it was told to
   * @throws java.io.UncheckedIOException when it cannot listen there
   * @throws Error as the start threw it; all is closed then, and the process can end with its
   *     status
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
    Stop stop = new Stop();
    stop.arm(); // before the folder is opened: that may take its time, too
    try {
      stop.opened(store.open());
      moreBehaviors.accept(stop.torpor());
      BuiltInBehaviors.register(stop.torpor());
      stop.serving(Server.start(stop.torpor(), options.server()));
    } catch (RuntimeException | Error e) {
      stop.failed();
      throw e;
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      stop.now();
    }
    return 0;
  }
}
