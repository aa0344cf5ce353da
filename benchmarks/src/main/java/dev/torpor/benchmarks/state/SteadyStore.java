package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.benchmarks.Latencies;
import dev.torpor.benchmarks.Measurement;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Message;
import dev.torpor.state.TaskSpec;
import dev.torpor.store.StoreStats;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many writers that change agents at random, as fast as it goes. Plays {@link Role#WORK}: says what
 * is so behind each equal share of the time, and at the end, at rest.
 */
final class SteadyStore {

  private static final int WRITERS = 64;
  private static final int KEYS = 16;
  private static final String VALUE = "v".repeat(400);

  private final Torpor torpor;
  private final Path folder;
  private final int agents;
  private final AtomicLong payload = new AtomicLong();
  private double peakPacks;
  private double peakJournal;

  /** How many seconds documents were behind, at each look of a part. */
  private final List<Double> lags = new ArrayList<>();

  private SteadyStore(Torpor torpor, Path folder, int agents) {
    this.torpor = torpor;
    this.folder = folder;
    this.agents = agents;
  }

  /** Arguments: the folder, how many agents, seconds, samples. */
  static void run(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int agents = Integer.parseInt(arguments[1]);
    try (Torpor torpor = Stores.at(folder).open()) {
      SteadyStore store = new SteadyStore(torpor, folder, agents);
      store.fill();
      store.work(Double.parseDouble(arguments[2]), Integer.parseInt(arguments[3]));
      torpor.checkpoint();
      Folders.awaitQuiet(folder);
      Role.say("rest", torpor.stats().packBytes());
    }
  }

  /** Every agent has every key from the start on, so that what is live stays about as much. */
  private void fill() {
    Pipeline pipeline = new Pipeline(torpor);
    for (int i = 0; i < agents; i++) {
      String id = Population.id(i);
      pipeline.perform(Population.creation(id));
      for (int key = 0; key < KEYS; key++) {
        pipeline.perform(new Request.PutMemory(id, "key-" + key, VALUE));
      }
    }
    pipeline.finish();
    torpor.checkpoint();
  }

  private void work(double seconds, int samples) throws Exception {
    double before = WrittenBytes.handedOverSoFar();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int sample = 1; sample <= samples; sample++) {
        peakPacks = 0;
        peakJournal = 0;
        lags.clear();
        Measurement measured =
            write(writers, sample, Duration.ofNanos((long) (seconds * 1e9 / samples)));
        Role.say(
            "sample",
            sample * seconds / samples,
            measured.rate(),
            measured.p50(),
            measured.p99(),
            measured.max(),
            torpor.stats().packBytes(),
            peakPacks,
            peakJournal,
            usedHeap(),
            (WrittenBytes.handedOverSoFar() - before) / payload.get(),
            Median.quantile(lags.stream().mapToDouble(Double::doubleValue).toArray(), 0.99));
      }
    }
  }

  private Measurement write(ExecutorService writers, int sample, Duration time) throws Exception {
    long start = System.nanoTime();
    long end = start + time.toNanos();
    List<Callable<Latencies>> loops = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      SplittableRandom random = new SplittableRandom(WRITERS * (long) sample + i);
      loops.add(() -> writeUntil(end, random));
    }
    List<Future<Latencies>> running = loops.stream().map(writers::submit).toList();
    while (System.nanoTime() < end) {
      look();
      Thread.sleep(20);
    }
    List<Latencies> latencies = new ArrayList<>();
    for (Future<Latencies> loop : running) {
      latencies.add(loop.get());
    }
    return Latencies.summarize(latencies, (System.nanoTime() - start) / 1e9, Double.NaN);
  }

  /**
   * Files of packs, those among them that are being made or were replaced, and of the journal; and
   * how far documents are behind.
   */
  private void look() throws IOException {
    StoreStats stats = torpor.stats();
    peakPacks = Math.max(peakPacks, Folders.bytes(folder.resolve("packs")));
    peakJournal = Math.max(peakJournal, stats.journalBytes());
    lags.add(torpor.documentsLag().oldest().toNanos() / 1e9);
  }

  private Latencies writeUntil(long end, SplittableRandom random) {
    Latencies latencies = new Latencies();
    for (long before = System.nanoTime(); before < end; ) {
      change(Population.id(random.nextInt(agents)), random);
      long after = System.nanoTime();
      latencies.add(after - before);
      before = after;
    }
    return latencies;
  }

  /** Of 100 changes 90 to working memory, 5 messages, 4 of sleep, and a task with its turn. */
  private void change(String id, SplittableRandom random) {
    int kind = random.nextInt(100);
    Request<?> request;
    if (kind < 90) {
      request = new Request.PutMemory(id, "key-" + random.nextInt(KEYS), VALUE);
      payload.addAndGet(VALUE.length());
    } else if (kind < 95) {
      request = new Request.AppendMessage(id, Message.user(VALUE));
      payload.addAndGet(VALUE.length());
    } else if (kind < 97) {
      request =
          new Request.PutToSleep(
              id, new SleepDraft(Duration.ofDays(1), null, List.of(), null, false));
    } else if (kind < 99) {
      request = new Request.WakeAgent(id, null);
    } else {
      request = new Request.SubmitTask(id, TaskSpec.of(VALUE));
      payload.addAndGet(VALUE.length());
    }
    var _ = torpor.perform(request, Terms.NONE);
  }

  private static double usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
