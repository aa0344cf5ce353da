package dev.torpor.server;

import dev.torpor.Torpor;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a server process ends at a signal, at any time of its life. It ends the process itself, since
 * a signal's own status would be 143. Thread-safe.
 */
final class Stop {
  private static final Logger log = LoggerFactory.getLogger(Stop.class);

  /** So long a start that is under way is waited for; one that is cut off then has lost nothing. */
  private static final long START_SECONDS = 10;

  private final Thread hook = Thread.ofPlatform().name("torpor-stop").unstarted(this::run);

  /** Open as long as somebody else is about to open or to serve something. */
  private final CountDownLatch started = new CountDownLatch(1);

  /** Who starts the server. */
  private volatile @Nullable Thread starter;

  private @Nullable Torpor torpor;
  private @Nullable Server server;
  private boolean stopping;

  /** Has signals heard while the calling thread starts the server. */
  void arm() {
    starter = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The store is open. */
  synchronized void opened(Torpor opened) {
    torpor = opened;
  }

  synchronized Torpor torpor() {
    return Objects.requireNonNull(torpor);
  }

  /** All is there; says so in a line on standard output, unless it is to stop already. */
  void serving(Server served) {
    synchronized (this) {
      server = served;
      if (!stopping) {
        System.out.println("torpor ready " + served.url());
        System.out.flush();
      }
    }
    started.countDown();
  }

  /** The start failed: what there is is closed, and signals are heard no more. */
  void failed() {
    try {
      close();
    } finally {
      started.countDown();
      disarm();
    }
  }

  /** Stops without ending the process. */
  void now() {
    disarm();
    close();
  }

  private void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("the process ends already", e);
    }
  }

  private void run() {
    int status = 0;
    try {
      synchronized (this) {
        stopping = true;
      }
      if (started.await(START_SECONDS, TimeUnit.SECONDS)) {
        close();
      } else if (hasDied()) {
        log.error("the start ended without a word; the next one recovers");
        status = 1;
      } else {
        log.warn("the start is cut off; nothing is lost, and the next one does it again");
      }
    } catch (InterruptedException | RuntimeException e) {
      log.error("the stop failed; a start recovers", e);
      status = 1;
    }
    Runtime.getRuntime().halt(status);
  }

  /** Whether nobody starts the server any more: then no signal has ended the process. */
  private boolean hasDied() {
    Thread thread = starter;
    return thread != null && !thread.isAlive();
  }

  private void close() {
    Server served;
    Torpor opened;
    synchronized (this) {
      served = server;
      opened = torpor;
    }
    if (opened == null) {
      return;
    }
    log.info("stopping");
    try {
      if (served != null) {
        served.close();
      }
    } finally {
      opened.close();
    }
    log.info("stopped");
  }
}
