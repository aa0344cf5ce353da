package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.torpor.benchmarks.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays {@link Role#MAKE_SQLITE_SLEEPERS} and {@link Role#WAKE_SQLITE_SLEEPERS}: sleepers as rows
 * of a table with an index of when they are due, their sessions as JSON. For one thread.
 */
final class SqliteSleepers implements AutoCloseable {

  private static final int BATCH = 1000;
  private static final int PORTION = 100;
  private static final String SESSION =
      """
      {"agent_id":"%1$s","agent_name":"%1$s","status":"%2$s","version":2,"behavior":"work","configuration":{},\
      "tool_sets":[],"metadata":{},"created_at":"2026-01-01T00:00:00.000000Z","last_activity":"%3$s","messages":0,\
      "tasks":{"pending":0,"in_progress":0,"waiting":0,"completed":0,"failed":0,"cancelled":0},\
      "mail":{"unread":0,"pending_replies":0},"error_count":0,"stop_requested":false}\
      """;

  private final Connection connection;

  private SqliteSleepers(Path folder) throws Exception {
    Files.createDirectories(folder);
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("agents.db"));
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=FULL");
    execute(
        "CREATE TABLE IF NOT EXISTS agent (id TEXT PRIMARY KEY, wake_time INTEGER, session TEXT)"
            + " WITHOUT ROWID");
    execute("CREATE INDEX IF NOT EXISTS due ON agent (wake_time) WHERE wake_time IS NOT NULL");
    connection.setAutoCommit(false);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Arguments as those of {@link SleeperStore#build}. */
  static void build(String[] arguments) throws Exception {
    int agents = Integer.parseInt(arguments[1]);
    Bursts bursts = new Bursts(agents, Integer.parseInt(arguments[2]));
    Path folder = Path.of(arguments[0]);
    Path warmUp = folder.resolveSibling("warm-up");
    try (SqliteSleepers store = new SqliteSleepers(warmUp)) {
      store.insert(agents / Sleepers.WARM_UP, bursts);
    }
    Stage.remove(warmUp);
    try (SqliteSleepers store = new SqliteSleepers(folder)) {
      long before = System.nanoTime();
      store.insert(agents, bursts);
      Role.say("created", agents / ((System.nanoTime() - before) / 1e9));
    }
  }

  private void insert(int agents, Bursts bursts) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO agent VALUES (?, ?, ?)")) {
      for (int i = 0; i < agents; i++) {
        insert.setString(1, Population.id(i));
        insert.setLong(2, bursts.due(i).toEpochMilli());
        insert.setString(3, session(Population.id(i), "sleeping", bursts.due(i)));
        insert.executeUpdate();
        if ((i + 1) % BATCH == 0 || i + 1 == agents) {
          connection.commit();
        }
      }
    }
  }

  private static String session(String id, String status, Instant at) {
    return new String(SESSION.formatted(id, status, at).getBytes(UTF_8), UTF_8);
  }

  /** Arguments as those of {@link SleeperStore#wake}. */
  static void wake(String[] arguments) throws Exception {
    Bursts bursts = new Bursts(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    int burst = Integer.parseInt(arguments[3]);
    Duration ahead = Duration.between(Instant.now(), bursts.quietBefore(burst));
    try (SqliteSleepers store = new SqliteSleepers(Path.of(arguments[0]))) {
      var _ = store.due(Instant.now().plus(ahead));
      Role.say("ready", Role.sinceMain());
      System.gc();
      Role.say("heap", Double.NaN); // its memory is not in the heap
      Role.say("awake", store.wakeSome(bursts, burst, Integer.parseInt(arguments[4])));
      Role.say("late", store.wakeDue(bursts, burst, ahead));
    }
  }

  private double[] wakeSome(Bursts bursts, int burst, int count) throws SQLException {
    double[] millis = new double[count];
    int[] chosen = bursts.someOfOthers(burst, 2 * count);
    for (int i = 0; i < chosen.length; i++) {
      long before = System.nanoTime();
      update(Population.id(chosen[i]), Instant.now());
      connection.commit();
      if (i >= count) {
        millis[i - count] = (System.nanoTime() - before) / 1e6;
      }
    }
    return millis;
  }

  private double[] wakeDue(Bursts bursts, int burst, Duration ahead) throws Exception {
    double[] millis = new double[bursts.size()];
    int awake = 0;
    while (awake < millis.length) {
      List<String> due = due(Instant.now().plus(ahead));
      for (String id : due) {
        Instant now = Instant.now().plus(ahead);
        update(id, now);
        int agent = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        millis[agent - bursts.first(burst)] =
            Duration.between(bursts.due(agent), now).toNanos() / 1e6;
        awake++;
      }
      connection.commit();
      if (due.isEmpty()) {
        Thread.sleep(1);
      }
    }
    return millis;
  }

  private List<String> due(Instant now) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM agent WHERE wake_time <= ? ORDER BY wake_time LIMIT " + PORTION)) {
      select.setLong(1, now.toEpochMilli());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
    }
    return ids;
  }

  /** Reads the session, as one who changes it would, and writes it. */
  private void update(String id, Instant now) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT session FROM agent WHERE id = ?");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE agent SET wake_time = NULL, session = ? WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("no agent " + id);
        }
      }
      update.setString(1, session(id, "idle", now));
      update.setString(2, id);
      update.executeUpdate();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
