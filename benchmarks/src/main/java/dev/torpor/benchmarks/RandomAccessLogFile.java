package dev.torpor.benchmarks;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** Writes with {@code O_DSYNC}, through {@link RandomAccessFile}. */
final class RandomAccessLogFile implements LogFile {

  private final RandomAccessFile file;
  private int position;

  RandomAccessLogFile(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "rwd");
  }

  @Override
  public void append(byte[] bytes, int length) throws IOException {
    if (position + length > PreWrittenFile.SIZE) {
      position = 0;
      file.seek(0);
    }
    file.write(bytes, 0, length);
    position += length;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
