package dev.torpor.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** One thread that takes all appends that wait and makes them durable together. */
final class BatchWriter implements Session {

  /** Where batches go; used by one thread at a time. */
  interface Target extends AutoCloseable {

    /** On return, all of the batch is durable. */
    void write(List<Append> batch) throws Exception;

    @Override
    void close() throws Exception;
  }

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Append(int agent, byte[] message, CompletableFuture<Void> durable) {}

  private static final Append END = new Append(-1, new byte[0], new CompletableFuture<>());

  private final BlockingQueue<Append> waiting = new LinkedBlockingQueue<>();
  private final Target target;
  private final Thread thread;

  BatchWriter(Target target) {
    this.target = target;
    this.thread = Thread.ofPlatform().name("batch-writer").start(this::run);
  }

  @Override
  public void append(int agent, byte[] message) throws Exception {
    Append append = new Append(agent, message, new CompletableFuture<>());
    waiting.add(append);
    append.durable().get();
  }

  private void run() {
    List<Append> batch = new ArrayList<>();
    boolean ended = false;
    while (!ended) {
      try {
        batch.add(waiting.take());
        waiting.drainTo(batch);
        ended = batch.remove(END);
        if (!batch.isEmpty()) {
          target.write(batch);
        }
        batch.forEach(append -> append.durable().complete(null));
      } catch (Exception failure) {
        batch.forEach(append -> append.durable().completeExceptionally(failure));
      }
      batch.clear();
    }
  }

  @Override
  public void close() throws Exception {
    waiting.add(END);
    thread.join();
    target.close();
  }
}
