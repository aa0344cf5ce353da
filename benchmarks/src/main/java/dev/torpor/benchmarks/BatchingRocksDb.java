package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** RocksDB behind one thread, which writes all messages that wait in one batch. */
record BatchingRocksDb() implements Contender {

  @Override
  public String name() {
    return "RocksDB sync, batches";
  }

  @Override
  public Session open(Path folder) throws RocksDBException {
    return new BatchWriter(new Batches(new RocksTable(folder)));
  }

  private record Batches(RocksTable table) implements BatchWriter.Target {

    @Override
    public void write(List<BatchWriter.Append> appends) throws RocksDBException {
      try (WriteBatch batch = new WriteBatch()) {
        for (BatchWriter.Append append : appends) {
          table.put(append.agent(), append.message(), batch);
        }
        table.write(batch);
      }
    }

    @Override
    public void close() {
      table.close();
    }
  }
}
