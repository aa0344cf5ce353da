package dev.torpor.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Messages in SQLite, with a write-ahead log that is forced at each commit. For one thread. */
public final class SqliteTable implements AutoCloseable {

  private final Connection connection;
  private final PreparedStatement insert;
  private final int[] next = new int[Workload.W2.writers()];

  public SqliteTable(Path folder) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("messages.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute(
          "CREATE TABLE message (agent INTEGER, n INTEGER, content BLOB, PRIMARY KEY (agent, n))"
              + " WITHOUT ROWID");
    }
    connection.setAutoCommit(false);
    insert = connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?)");
  }

  public void insert(int agent, byte[] message) throws SQLException {
    insert.setInt(1, agent);
    insert.setInt(2, next[agent]++);
    insert.setBytes(3, message);
    insert.executeUpdate();
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    insert.close();
    connection.close();
  }
}
