package dev.torpor.store.transfer;

import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.store.StateSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an export, entry by entry, and holds none of them. What is not ended by {@link #end} is
 * refused by whoever reads it. Not thread-safe.
 */
public final class ExportWriter {
  /** The version of the format that is written here. */
  static final int FORMAT = 1;

  private static final JsonMapper JSON = new JsonMapper();

  private final OutputStream out;
  private final CRC32C sum = new CRC32C();
  private final Line line = new Line();
  private final StateSerializer.ValueWriter values;
  private long lines;
  private long agents;

  /** A line's bytes behind its checksum. */
  private static final class Line extends ByteArrayOutputStream {
    void add(String text) {
      writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] head() {
      return LineSums.head(buf, 0, count);
    }
  }

  /**
   * Begins an export.
   *
   * @param out where to, best buffered; it is not closed here
   * @param seq as of which commit
   * @param agent of which agent alone; null for all
   */
  public ExportWriter(
      OutputStream out, StateSerializer serializer, long seq, Instant at, @Nullable String agent)
      throws IOException {
    this.out = out;
    this.values = serializer.writer(line);
    line.add("\"export\":%d,\"seq\":%d,\"at\":\"%s\"".formatted(FORMAT, seq, at));
    if (agent != null) {
      line.add(",\"agent\":" + JSON.writeValueAsString(agent));
    }
    writeLine();
  }

  /** Writes an entry; in the order of their keys' bytes. */
  public void write(Entry entry) throws IOException {
    line.add("\"key\":" + JSON.writeValueAsString(entry.key()));
    line.add(",\"version\":" + entry.version() + ",\"value\":");
    values.write(entry.value());
    writeLine();
    agents += isAgent(entry.key(), entry.value()) ? 1 : 0;
  }

  /** Ends the export: it is complete. */
  public void end() throws IOException {
    line.add(
        "\"end\":%d,\"agents\":%d,\"sum\":\"%s\"".formatted(lines, agents, LineSums.digits(sum)));
    writeLine();
    out.flush();
  }

  /** Whether an entry says that there is an agent; the mailbox for people is none. */
  static boolean isAgent(String key, Object value) {
    return value instanceof Session session
        && key.equals(Keys.session(session.agentId()))
        && !session.agentId().equals(Session.USER);
  }

  private void writeLine() throws IOException {
    line.add("}");
    byte[] head = line.head();
    line.write('\n');
    out.write(head);
    line.writeTo(out);
    sum.update(head);
    sum.update(line.toByteArray());
    line.reset();
    lines++;
  }

  /** How many lines are written. */
  public long lines() {
    return lines;
  }

  /** How many agents are written; the mailbox for people is none. */
  public long agents() {
    return agents;
  }
}
