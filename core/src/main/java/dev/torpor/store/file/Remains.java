package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.disk.WriteFile;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.Keys;
import dev.torpor.store.StateSerializer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * What is left of damaged agents, in {@code quarantine/agents/}: {@code <agent>.jsonl} has its
 * entries as they last were, and {@code <agent>_journal.jsonl} the lines of the journal that say
 * something of it and do not follow. Not thread-safe.
 */
final class Remains implements Closeable {
  private final Disk disk;
  private final Quarantine quarantine;
  private final StateSerializer serializer;
  private final Map<String, WriteFile> journals = new HashMap<>();

  Remains(Disk disk, Quarantine quarantine, StateSerializer serializer) {
    this.disk = disk;
    this.quarantine = quarantine;
    this.serializer = serializer;
  }

  private Path place(String name) throws IOException {
    return quarantine.place(quarantine.folder().resolve("agents").resolve(name));
  }

  /** Keeps a line of the journal. */
  void line(String agent, byte[] bytes, int offset, int length) throws IOException {
    WriteFile file = journals.get(agent);
    if (file == null) {
      file = disk.create(place(agent + "_journal.jsonl"));
      journals.put(agent, file);
    }
    file.write(bytes, offset, length);
    file.write(new byte[] {'\n'}, 0, 1);
  }

  /** Keeps an agent's entries, and all that was kept of it before, durably; says where. */
  String entries(String agent, EntrySource source) throws IOException {
    WriteFile journal = journals.get(agent);
    if (journal != null) {
      journal.force();
    }
    Path place = place(agent + ".jsonl");
    try (WriteFile out = disk.create(place)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (Iterator<Entry> all = source.scan(Keys.agent(agent)); all.hasNext(); ) {
        Entry entry = all.next();
        line.reset();
        String head =
            "{\"key\":\"%s\",\"version\":%d,\"seq\":%d,\"value\":"
                .formatted(
                    entry.key().replace("\\", "\\\\").replace("\"", "\\\""),
                    entry.version(),
                    entry.seq());
        line.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        serializer.write(entry.value(), line);
        line.writeBytes("}\n".getBytes(StandardCharsets.UTF_8));
        out.write(line.toByteArray(), 0, line.size());
      }
      out.force();
    }
    disk.forceFolder(quarantine.folder().resolve("quarantine").resolve("agents"));
    return quarantine.folder().relativize(place).toString();
  }

  @Override
  public void close() throws IOException {
    for (WriteFile file : journals.values()) {
      file.close();
    }
  }
}
