package dev.torpor.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file whose every block is already on the disk, and that is written from its beginning to its
 * end and then again: the cheapest durable write there is, since only data moves and no metadata.
 */
public interface LogFile extends Closeable {

  /**
   * Writes the first bytes of an array behind what was written before; on return they are durable.
   */
  void append(byte[] bytes, int length) throws IOException;

  /** A way to make writes durable. */
  enum Kind {
    RWD("RandomAccessFile rwd") {
      @Override
      public LogFile open(Path folder) throws IOException {
        return new RandomAccessLogFile(PreWrittenFile.create(folder));
      }
    },
    DSYNC("FileChannel DSYNC") {
      @Override
      public LogFile open(Path folder) throws IOException {
        return new ChannelLogFile(PreWrittenFile.create(folder));
      }
    },
    DIRECT("FileChannel DIRECT+DSYNC") {
      @Override
      public LogFile open(Path folder) throws IOException {
        return new DirectLogFile(PreWrittenFile.create(folder));
      }
    };

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }

    public abstract LogFile open(Path folder) throws IOException;
  }
}
