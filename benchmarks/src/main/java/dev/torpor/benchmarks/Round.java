package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets a contender run once, in a folder of its own that is removed afterwards. */
public record Round(Path folder, Duration warmUp, Duration measured) {

  Measurement run(Contender contender, Workload workload) throws Exception {
    Files.createDirectories(folder);
    Path own = Files.createTempDirectory(folder, "round-");
    try (Session session = contender.open(own);
        ExecutorService writers =
            workload.writers() == 1
                ? Executors.newSingleThreadExecutor()
                : Executors.newThreadPerTaskExecutor(contender.writerThreads())) {
      write(session, writers, workload, warmUp);
      return write(session, writers, workload, measured);
    } finally {
      Stage.remove(own);
    }
  }

  private static Measurement write(
      Session session, ExecutorService writers, Workload workload, Duration duration)
      throws Exception {
    long cpuBefore = session.cpuNanos();
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    List<Callable<Latencies>> loops = new ArrayList<>();
    for (int i = 0; i < workload.writers(); i++) {
      int agent = i;
      loops.add(() -> writeUntil(end, session, agent));
    }
    List<Latencies> latencies = new ArrayList<>();
    for (Future<Latencies> loop : writers.invokeAll(loops)) {
      latencies.add(loop.get());
    }
    return Latencies.summarize(
        latencies, (System.nanoTime() - start) / 1e9, (session.cpuNanos() - cpuBefore) / 1e9);
  }

  private static Latencies writeUntil(long end, Session session, int agent) throws Exception {
    byte[] message = "m".repeat(Workload.MESSAGE_BYTES).getBytes(US_ASCII);
    Latencies latencies = new Latencies();
    long before = System.nanoTime();
    do {
      session.append(agent, message);
      long after = System.nanoTime();
      latencies.add(after - before);
      before = after;
    } while (before < end);
    return latencies;
  }
}
