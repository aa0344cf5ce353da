package dev.torpor.store.file.pack;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A thread that stores frames while the next one is being filled; one is on its way at most. There
 * is none before it is needed: most packs are small. For one thread at a time.
 */
final class FrameThread implements Closeable {

  /** What is done with a frame. */
  @FunctionalInterface
  interface Storing {
    void store() throws IOException;
  }

  private @Nullable ExecutorService thread;
  private @Nullable Future<?> onItsWay;

  /** Waits for the frame before, and has this one stored. */
  void begin(Storing frame) throws IOException {
    await();
    ExecutorService executor = thread;
    if (executor == null) {
      executor = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
      thread = executor;
    }
    onItsWay =
        executor.submit(
            () -> {
              frame.store();
              return null;
            });
  }

  /**
   * Waits for the frame that is on its way, whoever interrupts.
   *
   * @throws IOException if it could not be stored; told once
   */
  void await() throws IOException {
    Future<?> frame = onItsWay;
    onItsWay = null;
    boolean interrupted = false;
    while (frame != null) {
      try {
        frame.get();
        frame = null;
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        frame = null;
        throw new IOException("a pack cannot be written: " + e.getCause(), e.getCause());
      } finally {
        if (interrupted && frame == null) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Lets go of the thread; nothing is on its way when this returns. */
  @Override
  public void close() {
    try {
      await();
    } catch (IOException e) {
      // Who closes without having waited has a failure to tell already.
    }
    if (thread != null) {
      thread.shutdown();
    }
  }
}
