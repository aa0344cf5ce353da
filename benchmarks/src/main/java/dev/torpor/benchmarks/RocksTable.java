package dev.torpor.benchmarks;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Messages in RocksDB, with a log that is forced at each write. An agent is for one thread. */
public final class RocksTable implements AutoCloseable {

  private final Options options = new Options().setCreateIfMissing(true);
  private final WriteOptions durable = new WriteOptions().setSync(true);
  private final RocksDB database;
  private final int[] next = new int[Workload.W2.writers()];

  public RocksTable(Path folder) throws RocksDBException {
    database = RocksDB.open(options, folder.toString());
  }

  public void put(int agent, byte[] message) throws RocksDBException {
    database.put(durable, nextKey(agent), message);
  }

  public void put(int agent, byte[] message, WriteBatch batch) throws RocksDBException {
    batch.put(nextKey(agent), message);
  }

  public void write(WriteBatch batch) throws RocksDBException {
    database.write(durable, batch);
  }

  /** Moves all that is in memory into files of their own. */
  public void flush() throws RocksDBException {
    try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      database.flush(waiting);
    }
  }

  private byte[] nextKey(int agent) {
    return ByteBuffer.allocate(2 * Integer.BYTES).putInt(agent).putInt(next[agent]++).array();
  }

  @Override
  public void close() {
    database.close();
    durable.close();
    options.close();
  }
}
