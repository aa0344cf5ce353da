package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes with {@code O_DSYNC}, through a {@link FileChannel} and a direct buffer. */
final class ChannelLogFile implements LogFile {

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CommitLine.MAX_BATCH_BYTES);
  private final FileChannel channel;
  private int position;

  ChannelLogFile(Path path) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
  }

  @Override
  public void append(byte[] bytes, int length) throws IOException {
    if (position + length > PreWrittenFile.SIZE) {
      position = 0;
    }
    buffer.clear().put(bytes, 0, length).flip();
    while (buffer.hasRemaining()) {
      position += channel.write(buffer, position);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
