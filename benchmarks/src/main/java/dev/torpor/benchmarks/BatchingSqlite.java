package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * SQLite has one writer at a time: many hand their messages to one thread, which commits all that
 * wait in one transaction.
 */
record BatchingSqlite() implements Contender {

  @Override
  public String name() {
    return "SQLite WAL FULL, batches";
  }

  @Override
  public Session open(Path folder) throws SQLException {
    return new BatchWriter(new Transactions(new SqliteTable(folder)));
  }

  private record Transactions(SqliteTable table) implements BatchWriter.Target {

    @Override
    public void write(List<BatchWriter.Append> batch) throws SQLException {
      for (BatchWriter.Append append : batch) {
        table.insert(append.agent(), append.message());
      }
      table.commit();
    }

    @Override
    public void close() throws SQLException {
      table.close();
    }
  }
}
