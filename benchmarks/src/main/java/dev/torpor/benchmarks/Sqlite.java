package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.sql.SQLException;

/** SQLite, one transaction a message. */
record Sqlite() implements Contender {

  @Override
  public String name() {
    return "SQLite WAL FULL";
  }

  @Override
  public Session open(Path folder) throws SQLException {
    SqliteTable table = new SqliteTable(folder);
    return new Session() {
      @Override
      public void append(int agent, byte[] message) throws SQLException {
        table.insert(agent, message);
        table.commit();
      }

      @Override
      public void close() throws SQLException {
        table.close();
      }
    };
  }
}
