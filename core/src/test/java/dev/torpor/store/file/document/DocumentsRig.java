package dev.torpor.store.file.document;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Session;
import dev.torpor.state.World;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A world whose documents are projected when the test says so. */
final class DocumentsRig implements DocumentSource {
  static final FaultyDisk.Fault NO_FAULT = (operation, file) -> {};
  static final String STORE = "5f1c";
  static final Instant SAVED = Instant.parse("2026-01-31T08:00:00Z");
  static final DocumentOptions EAGER =
      new DocumentOptions(Duration.ZERO, 1_000_000, 1L << 40, Duration.ofSeconds(10));

  final World world = new World();
  final Path folder;
  StateSerializer serializer = new JsonStateSerializer();
  StateValidator validator = StateValidator.INVARIANTS;
  final FaultyDisk disk = new FaultyDisk(NO_FAULT);
  DocumentOptions options = EAGER;
  Documents documents;

  /** What was read of the world since this was last set. */
  final List<String> read = new ArrayList<>();

  private int told;

  DocumentsRig(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    restart();
  }

  private Documents documents() {
    return new Documents(
        disk,
        folder,
        STORE,
        serializer,
        validator,
        Clock.fixed(SAVED, ZoneOffset.UTC),
        options,
        this,
        world.seq());
  }

  /** Another life of the store, which was told of nothing that came before. */
  void restart() {
    told = world.commits.size();
    documents = documents();
  }

  /** Tells of the commits since the last time. */
  void tell() {
    for (; told < world.commits.size(); told++) {
      Commit commit = world.commits.get(told);
      documents.changed(commit.writes(), commit.stamp().seq());
    }
  }

  /** Tells, and projects what is due. */
  DocumentsRig project() throws IOException {
    tell();
    documents.run();
    return this;
  }

  DocumentsRig complete() throws IOException {
    tell();
    documents.complete();
    return this;
  }

  String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  boolean has(String file) {
    return Files.exists(folder.resolve(file));
  }

  /** All files and what is in them. */
  TreeMap<String, String> files() throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }

  /** Entries of an agent that are no index, by key. */
  TreeMap<String, Object> values(String agent) {
    TreeMap<String, Object> values = new TreeMap<>();
    world
        .table
        .scan(Keys.agent(agent))
        .forEachRemaining(
            entry -> {
              if (!(entry.value() instanceof String)) {
                values.put(entry.key(), entry.value());
              }
            });
    return values;
  }

  /** What the documents of an agent say, by key. */
  TreeMap<String, Object> readBack(String agent) throws IOException {
    TreeMap<String, Object> values = new TreeMap<>();
    var _ =
        new DocumentReader(disk, folder, serializer)
            .read(agent, entry -> values.put(entry.key(), entry.value()));
    return values;
  }

  @Override
  public Snapshot of(String owner) {
    return ofStore();
  }

  @Override
  public Snapshot ofStore() {
    return new Snapshot() {
      @Override
      public long seq() {
        return world.seq();
      }

      @Override
      public @Nullable Entry get(String key) {
        read.add(key);
        return world.table.get(key);
      }

      @Override
      public Iterator<Entry> scan(String prefix, String from) {
        read.add(from + "*");
        return world.table.scan(prefix, from);
      }
    };
  }

  @Override
  public Ids changedSince(long seq) {
    List<String> ids = new ArrayList<>();
    world
        .table
        .scan("")
        .forEachRemaining(
            entry -> {
              if (entry.seq() > seq) {
                switch (entry.value()) {
                  case Session session -> ids.add(session.agentId());
                  case Deleted deleted -> ids.add(deleted.agentId());
                  default -> {}
                }
              }
            });
    Iterator<String> all = ids.iterator();
    return () -> all.hasNext() ? all.next() : null;
  }
}
