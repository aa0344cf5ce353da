package dev.torpor.benchmarks;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes with {@code O_DIRECT} and {@code O_DSYNC}: whole blocks, past the page cache. The block
 * that is not yet full is written again with each append to it.
 */
final class DirectLogFile implements LogFile {

  private static final int BLOCK = 4096;

  /** Begins with the block that is not yet full; {@code filled} bytes of it are used. */
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(CommitLine.MAX_BATCH_BYTES + 3 * BLOCK).alignedSlice(BLOCK);

  private final FileChannel channel;
  private int filled;
  private long blockStart;

  DirectLogFile(Path path) throws IOException {
    channel =
        FileChannel.open(
            path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT);
  }

  @Override
  public void append(byte[] bytes, int length) throws IOException {
    buffer.put(filled, bytes, 0, length);
    filled += length;
    int blocks = (filled + BLOCK - 1) / BLOCK * BLOCK;
    for (int i = filled; i < blocks; i++) {
      buffer.put(i, (byte) '\n');
    }
    if (blockStart + blocks > PreWrittenFile.SIZE) {
      blockStart = 0;
    }
    buffer.limit(blocks).position(0);
    long position = blockStart;
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
    keepLastBlock();
  }

  private void keepLastBlock() {
    int full = filled / BLOCK * BLOCK;
    buffer.clear();
    buffer.put(0, buffer, full, filled - full);
    filled -= full;
    blockStart += full;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
