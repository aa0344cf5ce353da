package dev.torpor.runtime;

import dev.torpor.state.Change;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who waits for a task to finish, for mail, or for an agent to stop. Thread-safe. */
final class Watches {
  private final ConcurrentHashMap<String, Set<CountDownLatch>> watched = new ConcurrentHashMap<>();

  private volatile boolean ended;

  static String task(String taskId) {
    return "task/" + taskId;
  }

  static String mail(String agentId) {
    return "mail/" + agentId;
  }

  static String agent(String agentId) {
    return "agent/" + agentId;
  }

  /** Wakes those who wait for what a commit changed. They look again, and that look waits. */
  void committed(List<Change> changes) {
    if (watched.isEmpty()) {
      return;
    }
    for (Change change : changes) {
      switch (change) {
        case Change.TaskCompleted c -> wake(task(c.taskId()));
        case Change.TaskFailed c -> wake(task(c.taskId()));
        case Change.TaskCancelled c -> wake(task(c.taskId()));
        case Change.MailDelivered c -> wake(mail(c.agent()));
        case Change.AgentStopped c -> wake(agent(c.agent()));
        case Change.AgentDeleted _, Change.AgentImported _ -> watched.keySet().forEach(this::wake);
        default -> {}
      }
    }
  }

  private void wake(String topic) {
    Set<CountDownLatch> latches = watched.get(topic);
    if (latches != null) {
      latches.forEach(CountDownLatch::countDown);
    }
  }

  /** Lets all who wait look once more and go, and lets nobody wait from here on. */
  void end() {
    ended = true;
    watched.keySet().forEach(this::wake);
  }

  /**
   * Reads again and again, whenever something about the topic changed, until the reading is good or
   * the time is over, or all waiting is; gives the last reading.
   *
   * @throws InterruptedException when the thread is interrupted while it waits
   */
  <T extends @Nullable Object> T await(
      String topic, Duration timeout, Supplier<T> read, Predicate<T> isGood)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout); // at most 292 years
    while (true) {
      CountDownLatch latch = new CountDownLatch(1);
      watched.compute(
          topic,
          (_, latches) -> {
            Set<CountDownLatch> all = latches == null ? ConcurrentHashMap.newKeySet() : latches;
            all.add(latch);
            return all;
          });
      try {
        T reading = read.get();
        long left = end - System.nanoTime();
        if (isGood.test(reading) || left <= 0 || ended) {
          return reading;
        }
        if (!latch.await(left, TimeUnit.NANOSECONDS)) {
          return read.get();
        }
      } finally {
        watched.computeIfPresent(
            topic,
            (_, latches) -> {
              latches.remove(latch);
              return latches.isEmpty() ? null : latches;
            });
      }
    }
  }
}
