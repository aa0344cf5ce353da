package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.benchmarks.LogFile;
import dev.torpor.benchmarks.RocksTable;
import dev.torpor.benchmarks.SqliteTable;
import dev.torpor.rules.Request;
import dev.torpor.state.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.rocksdb.WriteBatch;

/** Who keeps a history. */
enum Histories {
  LIMIT("limit: RandomAccessFile rwd, the messages alone") {
    @Override
    History open(Path folder) throws Exception {
      return new Lines(LogFile.Kind.RWD.open(folder));
    }
  },
  TORPOR("Torpor") {
    @Override
    History open(Path folder) throws Exception {
      History history = new OfAgent(folder);
      Folders.awaitQuiet(folder); // its first segments are being made
      return history;
    }
  },
  SQLITE("SQLite WAL FULL") {
    @Override
    History open(Path folder) throws Exception {
      return new InSqlite(new SqliteTable(folder));
    }
  },
  ROCKSDB("RocksDB sync") {
    @Override
    History open(Path folder) throws Exception {
      return new InRocksDb(new RocksTable(folder));
    }
  };

  /** How many messages those who do not pipeline make durable at once. */
  private static final int BATCH = 1000;

  private final String description;

  Histories(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** Starts in an empty folder. */
  abstract History open(Path folder) throws Exception;

  private static final class OfAgent implements History {
    private final Path folder;
    private final Torpor torpor;
    private final Pipeline pipeline;

    OfAgent(Path folder) {
      this.folder = folder;
      torpor = Stores.at(folder).open();
      pipeline = new Pipeline(torpor);
      var _ = torpor.agent("alice", AgentSpec.of("none"));
    }

    @Override
    public void append(byte[] message) {
      torpor.agent("alice").append(message(message));
    }

    private static Message message(byte[] text) {
      return Message.user(new String(text, US_ASCII));
    }

    @Override
    public void appendSoon(byte[] message) {
      pipeline.perform(new Request.AppendMessage("alice", message(message)));
    }

    @Override
    public void finish() {
      pipeline.finish();
    }

    @Override
    public void settle() throws Exception {
      torpor.checkpoint();
      Folders.awaitQuiet(folder);
    }

    /** Segments are numbered as they are made, and have their full length before the first line. */
    @Override
    public long writtenAhead() throws Exception {
      long ahead = 0;
      try (Stream<Path> segments = Files.list(folder.resolve("journal"))) {
        for (Path segment : segments.toList()) {
          String name = segment.getFileName().toString();
          long number = Long.parseLong(name.substring(0, name.indexOf('.')));
          ahead = Math.max(ahead, number * Files.size(segment));
        }
      }
      return ahead;
    }

    @Override
    public void close() {
      torpor.close();
    }
  }

  private static final class Lines implements History {
    private final LogFile file;
    private final byte[] batch = new byte[1 << 20];
    private int filled;

    Lines(LogFile file) {
      this.file = file;
    }

    @Override
    public void append(byte[] message) throws Exception {
      file.append(message, message.length);
    }

    @Override
    public void appendSoon(byte[] message) throws Exception {
      System.arraycopy(message, 0, batch, filled, message.length);
      filled += message.length;
      if (filled >= BATCH * message.length) {
        finish();
      }
    }

    @Override
    public void finish() throws Exception {
      file.append(batch, filled);
      filled = 0;
    }

    @Override
    public void settle() {}

    @Override
    public void close() throws Exception {
      file.close();
    }
  }

  private static final class InSqlite implements History {
    private final SqliteTable table;
    private int waiting;

    InSqlite(SqliteTable table) {
      this.table = table;
    }

    @Override
    public void append(byte[] message) throws Exception {
      table.insert(0, message);
      table.commit();
    }

    @Override
    public void appendSoon(byte[] message) throws Exception {
      table.insert(0, message);
      waiting++;
      if (waiting == BATCH) {
        finish();
      }
    }

    @Override
    public void finish() throws Exception {
      table.commit();
      waiting = 0;
    }

    /** It moves what is in its log when it is closed, which {@link LongHistory} counts too. */
    @Override
    public void settle() throws Exception {
      table.close();
    }

    @Override
    public void close() throws Exception {
      table.close();
    }
  }

  private static final class InRocksDb implements History {
    private final RocksTable table;
    private final WriteBatch batch = new WriteBatch();

    InRocksDb(RocksTable table) {
      this.table = table;
    }

    @Override
    public void append(byte[] message) throws Exception {
      table.put(0, message);
    }

    @Override
    public void appendSoon(byte[] message) throws Exception {
      table.put(0, message, batch);
      if (batch.count() == BATCH) {
        finish();
      }
    }

    @Override
    public void finish() throws Exception {
      table.write(batch);
      batch.clear();
    }

    @Override
    public void settle() throws Exception {
      table.flush();
    }

    @Override
    public void close() {
      batch.close();
      table.close();
    }
  }
}
