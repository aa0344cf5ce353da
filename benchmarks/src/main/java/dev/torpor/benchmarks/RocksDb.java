package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import org.rocksdb.RocksDBException;

/**
 * RocksDB, one write a message; it forces the writes of several threads together. These are
 * platform threads, since a virtual one that waits in native code holds its carrier.
 */
record RocksDb() implements Contender {

  @Override
  public String name() {
    return "RocksDB sync";
  }

  @Override
  public ThreadFactory writerThreads() {
    return Thread.ofPlatform().factory();
  }

  @Override
  public Session open(Path folder) throws RocksDBException {
    RocksTable table = new RocksTable(folder);
    return new Session() {
      @Override
      public void append(int agent, byte[] message) throws RocksDBException {
        table.put(agent, message);
      }

      @Override
      public void close() {
        table.close();
      }
    };
  }
}
