package dev.torpor.store.file;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work beside the callers' goes on whatever happens to it, as long as it can. */
class ChoreTest {
  private static final Duration NEVER = Duration.ofDays(1);

  /** Does what it is told, time after time. */
  private static final class Told implements Chore.Work {
    private final AtomicInteger times = new AtomicInteger();
    private final List<? extends Throwable> failures;

    Told(List<? extends Throwable> failures) {
      this.failures = failures;
    }

    @Override
    public void run() throws IOException {
      int time = times.getAndIncrement();
      if (time < failures.size()) {
        switch (failures.get(time)) {
          case IOException e -> throw e;
          case RuntimeException e -> throw e;
          case Error e -> throw e;
          default -> throw new AssertionError();
        }
      }
    }

    int done() {
      return times.get();
    }
  }

  @Test
  void itIsTriedAgainAfterAnyFailure() {
    Told work =
        new Told(
            List.of(
                new OutOfMemoryError("a test"),
                new StackOverflowError(),
                new IOException("a test"),
                new IllegalStateException("a test")));
    try (Chore chore = new Chore("test", NEVER, work)) {
      chore.start();
      for (int i = 1; i <= 5; i++) {
        int times = i;
        chore.ask();
        await().until(() -> work.done() == times);
      }
    }
  }

  @Test
  void itComesByItselfWhenItsTimeIsOver() {
    Told work = new Told(List.of(new AssertionError("a test")));
    try (Chore chore = new Chore("test", Duration.ofMillis(1), work)) {
      chore.start();
      await().until(() -> work.done() > 3);
    }
  }
}
