package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.Agent;
import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.TorporBuilder;
import dev.torpor.benchmarks.Contender;
import dev.torpor.benchmarks.Session;
import dev.torpor.benchmarks.Workload;
import dev.torpor.rules.Request;
import dev.torpor.state.Message;
import dev.torpor.store.CheckpointReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Torpor as a library, and beside its writers a thread that changes many other agents from time to
 * time.
 *
 * @param beside what is done behind each such time
 * @param others how many agents are changed
 * @param every how long from one such time to the next
 * @param checkpoints collects the milliseconds that each checkpoint took
 */
record TorporBeside(Beside beside, int others, Duration every, List<Double> checkpoints)
    implements Contender {

  /** How long from one look at the last checkpoint to the next, in nanoseconds. */
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

  /** What happens beside the writers. */
  enum Beside {
    NOTHING("Torpor, nothing beside"),
    CHANGES("Torpor, changes beside"),
    CHECKPOINTS("Torpor, changes and checkpoints beside"),
    COMPLETE("Torpor, changes and `state.checkpoint` beside");

    private final String description;

    Beside(String description) {
      this.description = description;
    }
  }

  @Override
  public String name() {
    return beside.description;
  }

  @Override
  public Session open(Path folder) {
    Torpor torpor = builder(folder).open();
    AgentSpec spec = AgentSpec.of("none");
    List<Agent> agents =
        IntStream.range(0, Workload.W2.writers())
            .mapToObj(i -> torpor.agent("writer-" + i, spec))
            .toList();
    Pipeline pipeline = new Pipeline(torpor);
    for (int i = 0; i < others; i++) {
      pipeline.perform(Population.creation(Population.id(i)));
    }
    pipeline.finish();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = Thread.ofPlatform().name("beside").start(() -> disturb(torpor, end));
    return new Session() {
      @Override
      public void append(int agent, byte[] message) {
        agents.get(agent).append(Message.user(new String(message, US_ASCII)));
      }

      @Override
      public void close() throws Exception {
        end.countDown();
        thread.join();
        torpor.close();
      }
    };
  }

  private TorporBuilder builder(Path folder) {
    return switch (beside) {
      case NOTHING, CHANGES -> Stores.withoutCheckpoints(folder);
      case CHECKPOINTS -> Stores.at(folder).checkpointEvery(every);
      case COMPLETE -> Stores.at(folder).checkpointEvery(Duration.ofHours(1));
    };
  }

  private void disturb(Torpor torpor, CountDownLatch end) {
    Pipeline pipeline = new Pipeline(torpor);
    long next = System.nanoTime();
    try {
      for (int time = 0; beside != Beside.NOTHING; time++) {
        next += every.toNanos();
        if (waitUntil(next, end, torpor)) {
          return;
        }
        for (int i = 0; i < others; i++) {
          pipeline.perform(new Request.PutMemory(Population.id(i), "time", time));
        }
        pipeline.finish();
        if (beside == Beside.COMPLETE) {
          long before = System.nanoTime();
          torpor.checkpoint();
          checkpoints.add((System.nanoTime() - before) / 1e6);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits, and collects what checkpoints are taken meanwhile; true at the end. */
  private boolean waitUntil(long time, CountDownLatch end, Torpor torpor)
      throws InterruptedException {
    CheckpointReport known = torpor.stats().checkpoint();
    for (long left = 1; left > 0; left = time - System.nanoTime()) {
      if (end.await(Math.min(left, LOOK), TimeUnit.NANOSECONDS)) {
        return true;
      }
      CheckpointReport last = torpor.stats().checkpoint();
      if (beside == Beside.CHECKPOINTS && last != null && !last.equals(known)) {
        checkpoints.add(last.took().toNanos() / 1e6);
        known = last;
      }
    }
    return false;
  }

  /** One for each thing that may happen beside. */
  static List<TorporBeside> all(int others, Duration every) {
    List<TorporBeside> all = new ArrayList<>();
    for (Beside beside : Beside.values()) {
      all.add(new TorporBeside(beside, others, every, new ArrayList<>()));
    }
    return all;
  }
}
