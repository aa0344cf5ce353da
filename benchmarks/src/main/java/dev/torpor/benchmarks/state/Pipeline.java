package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * Requests of one caller that does not wait for each, but for the oldest of many. For one thread.
 */
final class Pipeline {

  private static final int MOST_WAITING = 4096;

  private final Torpor torpor;
  private final Queue<CompletableFuture<?>> waiting = new ArrayDeque<>();

  Pipeline(Torpor torpor) {
    this.torpor = torpor;
  }

  void perform(Request<?> request) {
    if (waiting.size() == MOST_WAITING) {
      waiting.remove().join();
    }
    waiting.add(torpor.performSoon(request, Terms.NONE));
  }

  /** Returns when all is durable. */
  void finish() {
    while (!waiting.isEmpty()) {
      waiting.remove().join();
    }
  }
}
