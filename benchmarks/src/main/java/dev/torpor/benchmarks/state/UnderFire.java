package dev.torpor.benchmarks.state;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.torpor.Agent;
import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.benchmarks.CommitLine;
import dev.torpor.benchmarks.Contenders;
import dev.torpor.benchmarks.RocksTable;
import dev.torpor.benchmarks.Session;
import dev.torpor.benchmarks.Workload;
import dev.torpor.state.Message;
import dev.torpor.store.StoreStats;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The writers of W2 in a process that is to be killed; it says so when its journal has grown to a
 * size, and goes on. Plays the roles of W8.
 */
final class UnderFire {

  private static final int LOOK_MILLIS = 2;

  private UnderFire() {}

  /** How much would have to be read again, by now. */
  private interface Journal {
    long bytes() throws IOException;
  }

  /** Arguments: the folder, bytes of the journal. */
  static void torpor(String[] arguments) throws Exception {
    Torpor torpor = Stores.at(Path.of(arguments[0])).open();
    List<Agent> agents =
        IntStream.range(0, Workload.W2.writers())
            .mapToObj(i -> torpor.agent("writer-" + i, AgentSpec.of("none")))
            .toList();
    Session session =
        new Session() {
          @Override
          public void append(int agent, byte[] message) {
            agents.get(agent).append(Message.user(new String(message, US_ASCII)));
          }

          @Override
          public void close() {
            torpor.close();
          }
        };
    write(session, arguments, () -> unpacked(torpor.stats()));
  }

  /** The lines that a start would read. */
  private static long unpacked(StoreStats stats) {
    return (stats.appended() - stats.packed()) * CommitLine.BYTES;
  }

  /** Arguments as above. */
  static void rocksDb(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Files.createDirectories(folder);
    write(Contenders.batchingRocksDb().open(folder), arguments, () -> bytes(folder, ".log"));
  }

  private static void write(Session session, String[] arguments, Journal journal) throws Exception {
    long size = Long.parseLong(arguments[1]);
    byte[] message = "m".repeat(Workload.MESSAGE_BYTES).getBytes(US_ASCII);
    for (int i = 0; i < Workload.W2.writers(); i++) {
      int agent = i;
      Thread.startVirtualThread(() -> writeForEver(session, agent, message));
    }
    while (journal.bytes() < size) {
      Thread.sleep(LOOK_MILLIS);
    }
    Role.say("full", journal.bytes() / 1e6);
    Thread.sleep(60_000); // until it is killed
  }

  private static void writeForEver(Session session, int agent, byte[] message) {
    try {
      while (true) {
        session.append(agent, message);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static long bytes(Path folder, String suffix) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(suffix)).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /** Argument: the folder. */
  static void openRocksDb(String[] arguments) throws Exception {
    try (RocksTable _ = new RocksTable(Path.of(arguments[0]))) {
      Role.say("ready", Role.sinceMain(), 0);
    }
  }

  /** Argument: a folder, whose files are read once: the limit. */
  static void readBytes(String[] arguments) throws Exception {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 20];
    try (Stream<Path> files = Files.list(Path.of(arguments[0], "journal"))) {
      for (Path file : files.toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            crc.update(buffer, 0, n);
          }
        }
      }
    }
    Role.say("ready", Role.sinceMain(), crc.getValue());
  }
}
