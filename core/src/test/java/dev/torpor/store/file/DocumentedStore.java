package dev.torpor.store.file;

import dev.torpor.disk.Disk;
import dev.torpor.rules.EventRules;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.World;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.Commit;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.document.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;

/** A small store with packs, a journal behind them and documents of every kind. */
final class DocumentedStore {
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T08:00:00Z"), ZoneOffset.UTC);

  static final DocumentOptions EAGER =
      new DocumentOptions(Duration.ofMillis(1), 1_000_000, 1L << 40, Duration.ofSeconds(10));

  static final PackOptions HOURLY =
      PackOptions.every(Duration.ofHours(1)).with(new ScrubOptions(1L << 40, Duration.ofHours(1)));

  static final List<String> AGENTS = List.of("alice", "carl", "user");

  final StateFolder folder;
  final World world = new World();
  private int told;

  DocumentedStore(Path path) {
    this.folder = new StateFolder(path);
  }

  static FileStore open(StateFolder folder) {
    return FileStore.open(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        CLOCK,
        StateFolder.SMALL,
        HOURLY,
        EAGER);
  }

  static CheckReport verify(StateFolder folder) {
    return FileStore.verify(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        CLOCK,
        CheckProgress.NONE);
  }

  static RepairReport repair(StateFolder folder) {
    return FileStore.repair(
        Disk.real(),
        folder.path(),
        new JsonStateSerializer(),
        StateValidator.INVARIANTS,
        CLOCK,
        CheckProgress.NONE);
  }

  /** Fills it and closes it; its documents are complete. */
  DocumentedStore fill() {
    try (FileStore store = open(folder)) {
      world.create("alice", "bob");
      someOfAll("alice");
      world.ask(new Request.DeleteAgent("bob"));
      commit(store);
      store.checkpoint();
      world.create("carl");
      someOfAll("carl");
      var request = new Broadcast.Request("event.broadcast", "", "a key", "digest");
      long seq = world.decide(draft -> EventRules.record(draft, "stop", null, request));
      world.<Broadcast>decide(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson));
      commit(store);
      store.checkpoint();
      world.ask(new Request.PutMemory("alice", "last", 17));
      commit(store);
      store.begin();
    }
    return this;
  }

  void someOfAll(String agent) {
    world.ask(new Request.PutMemory(agent, "colour", "blue"));
    world.ask(new Request.AppendMessage(agent, Message.user("hello")));
    world.submit(agent);
    Task turn = world.start(agent);
    world.step(turn, "s", 1);
    world.finish(turn);
    world.ask(new Request.SendMail(MailDraft.of(agent, "user", "s", "b")));
    world.ask(new Request.SendMail(MailDraft.of("user", agent, "s", "b")));
    world.broadcast("go", world.seq());
    world.ask(
        new Request.PutToSleep(
            agent, new SleepDraft(Duration.ofHours(1), null, List.of(), null, false)));
  }

  /** Commits what came to be in the world. */
  void commit(FileStore store) {
    for (; told < world.commits.size(); told++) {
      Commit commit = world.commits.get(told);
      while (!store.hasRoom()) {
        store.awaitRoom(Duration.ofSeconds(10));
      }
      store.commit(store.owned(), commit);
    }
  }

  /** What the documents of all agents say, by key. */
  static TreeMap<String, Object> read(StateFolder folder) throws IOException {
    TreeMap<String, Object> values = new TreeMap<>();
    DocumentReader reader =
        new DocumentReader(Disk.real(), folder.path(), new JsonStateSerializer());
    for (String agent : AGENTS) {
      var _ = reader.read(agent, entry -> values.put(entry.key(), entry.value()));
    }
    return values;
  }

  /** All documents, each by its name in the folder. */
  List<Path> documents() throws IOException {
    try (var files = Files.walk(folder.path())) {
      return files
          .filter(Files::isRegularFile)
          .map(folder.path()::relativize)
          .filter(
              file ->
                  !List.of("journal", "packs", "mirror").contains(file.getName(0).toString())
                      && !file.toString().startsWith("system/metadata")
                      && !file.endsWith("LOCK"))
          .sorted()
          .toList();
    }
  }
}
