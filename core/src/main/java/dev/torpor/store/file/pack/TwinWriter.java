package dev.torpor.store.file.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a twin's frames, in a thread of its own from the second on: compressing costs as much
 * as all the rest. One frame is on its way at most. For one thread at a time.
 */
final class TwinWriter implements Closeable {

  /** Packs are written as often as read, and zstd's fastest level takes them to a fifth. */
  private static final int LEVEL = 1;

  private final StoringFile file;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private final byte[] compressed = new byte[(int) Zstd.compressBound(Format.FRAME)];
  private @Nullable ExecutorService thread;
  private @Nullable Future<?> onItsWay;

  TwinWriter(StoringFile file) {
    this.file = file;
    zstd.setLevel(LEVEL).setChecksum(true).setContentSize(true);
  }

  /** Takes a frame's bytes, which must be left alone until the call after this. */
  void write(byte[] content, int length) throws IOException {
    await();
    ExecutorService executor = thread;
    if (executor == null) {
      executor = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
      thread = executor;
    }
    onItsWay =
        executor.submit(
            () -> {
              compress(content, length);
              return null;
            });
  }

  /** Takes the last frame's bytes, and returns when all is in the file. */
  void end(byte[] content, int length) throws IOException {
    await();
    if (length > 0) {
      compress(content, length);
    }
  }

  private void compress(byte[] content, int length) throws IOException {
    int size = zstd.compressByteArray(compressed, 0, compressed.length, content, 0, length);
    file.write(compressed, 0, size);
  }

  /** Waits for the frame that is on its way, whoever interrupts. */
  private void await() throws IOException {
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
        throw new IOException("the twin cannot be written: " + e.getCause(), e.getCause());
      } finally {
        if (interrupted && frame == null) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** Lets go of the thread and the memory, whatever became of the frames. */
  @Override
  public void close() {
    try {
      await();
    } catch (IOException alreadyGivenUp) {
      // whoever closes without having ended it has a failure to tell already
    }
    if (thread != null) {
      thread.shutdown();
    }
    zstd.close();
  }
}
