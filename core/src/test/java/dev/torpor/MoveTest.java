package dev.torpor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.disk.Disk;
import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Entry;
import dev.torpor.state.Event;
import dev.torpor.state.Message;
import dev.torpor.state.Sleep;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.Snapshot;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.journal.JournalOptions;
import dev.torpor.store.transfer.ExportFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents go from one store to another, and are there what they were. */
class MoveTest {
  @TempDir private Path folder;

  private Path state() {
    return folder.resolve("state");
  }

  private Path other() {
    return folder.resolve("other");
  }

  private Path file() {
    return folder.resolve("agents.jsonl");
  }

  private ExportReport export(Torpor torpor, Path file, String agent) throws IOException {
    return ExportFiles.write(file, false, out -> torpor.exportTo(out, agent, _ -> {}));
  }

  /** What a store holds but index entries, by key; as far as it is not this store's alone. */
  private static Map<String, Object> entries(Path folder) throws Exception {
    Map<String, Object> entries = new TreeMap<>();
    try (FileStore store =
            FileStore.open(
                folder,
                new JsonStateSerializer(),
                StateValidator.INVARIANTS,
                Clock.systemUTC(),
                PackOptions.every(Duration.ofHours(1)));
        Snapshot snapshot = store.snapshot()) {
      Snapshot.Cursor cursor = snapshot.scan("");
      for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
        entries.put(entry.key(), withoutSequenceNumbers(entry));
      }
    }
    return entries;
  }

  private static Object withoutSequenceNumbers(Entry entry) {
    Object value =
        switch (entry.value()) {
          case Sleep s ->
              new Sleep(s.sleepStart(), s.wakeTime(), s.wakeEvents(), s.reason(), s.wakeTask(), 0);
          case Event e -> new Event(e.name(), e.data(), e.at(), 0);
          default -> entry.value();
        };
    // Index entries are made anew, and nothing asks for their versions.
    return value instanceof String ? value : Map.entry(entry.version(), value);
  }

  @Test
  void allIsEqualAfterARoundTripAndGoesOn() throws Exception {
    ExportReport exported;
    try (Torpor torpor = Folders.quick(state()).open()) {
      Golden.fill(torpor);
      exported = export(torpor, file(), null);
    }
    assertThat(exported.agents()).isEqualTo(3); // the mailbox for people is none
    ImportReport imported;
    try (Torpor torpor = Torpor.reading(other())) {
      imported = torpor.importFrom(file(), false, _ -> {});
    }
    assertThat(imported).isEqualTo(new ImportReport(exported.agents(), exported.entries()));

    Map<String, Object> before = entries(state());
    assertThat(before.keySet()).anyMatch(key -> key.startsWith("~key/submit_task/alice/"));
    assertThat(entries(other())).isEqualTo(before);
    try (Torpor torpor = Folders.quick(other()).open()) {
      long version = torpor.view("alice").session().version();
      torpor.agent("alice").append(Message.user("on it goes"));
      assertThat(torpor.view("alice").session().version()).isEqualTo(version + 1);
      Task again =
          torpor.perform(
              new Request.SubmitTask("alice", TaskSpec.of("done").payload("p")), Golden.KEYED);
      assertThat(torpor.tasks("alice", null, 10, null).items())
          .extracting(Task::taskId)
          .containsExactly(again.taskId());
      assertThat(torpor.broadcast("go/now", 2, Terms.NONE).agents()).containsExactly("alice");
      torpor.agent("gone", AgentSpec.of("none"));
      assertThat(torpor.view("gone").session().version()).isEqualTo(4);
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(torpor.tasks("alice", TaskStatus.COMPLETED, 10, null).items())
                      .extracting(Task::type)
                      .contains(Task.WAKE));
    }
  }

  @Test
  void oneAgentGoesAloneAndCompressed() throws Exception {
    Path file = folder.resolve("alice.jsonl.zst");
    AgentSnapshot before;
    try (Torpor torpor = Folders.quick(state()).open()) {
      Golden.fill(torpor);
      before = torpor.save("alice");
      assertThat(export(torpor, file, "alice").agents()).isEqualTo(1);
      assertThatThrownBy(() -> export(torpor, file, "alice"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> export(torpor, file(), "Alice"))
          .hasMessageContaining("'Alice' does not exist");
    }
    assertThat(file()).doesNotExist();
    assertThat(Files.readAllBytes(file)).startsWith(0x28, 0xb5, 0x2f, 0xfd);
    try (Torpor torpor = Folders.quick(other()).open()) {
      torpor.importFrom(file, false, _ -> {});
      AgentSnapshot after = torpor.restore("alice");
      assertThat(after.messages()).isEqualTo(before.messages());
      assertThat(after.tasks()).isEqualTo(before.tasks());
      assertThat(after.sent()).isEqualTo(before.sent());
      assertThat(after.session()).isEqualTo(before.session());
      assertThat(torpor.agents(null, 10, null).items())
          .extracting(agent -> agent.session().agentId())
          .containsExactly("alice");
      assertThat(torpor.counts().of(AgentStatus.SLEEPING)).isEqualTo(1);
      Task again =
          torpor.perform(
              new Request.SubmitTask("alice", TaskSpec.of("done").payload("p")), Golden.KEYED);
      assertThat(again.status()).isEqualTo(TaskStatus.PENDING); // as it was answered first
      assertThat(torpor.view("alice").session().tasks().completed()).isEqualTo(1);
    }
  }

  @Test
  void anExportIsAsOfOneCommitWhateverIsCommittedMeanwhile() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (Torpor torpor = Folders.quick(state()).checkpointEvery(Duration.ofMillis(20)).open()) {
      Agent alice = torpor.agent("alice", AgentSpec.of("none"));
      Agent bob = torpor.agent("bob", AgentSpec.of("none"));
      alice.remember("n", 0);
      bob.remember("n", 0);
      Thread writer =
          Thread.startVirtualThread(
              () -> {
                for (int n = 1; !ended.get(); n++) {
                  alice.remember("n", n);
                  bob.remember("n", n);
                }
              });
      for (int i = 0; i < 40; i++) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        torpor.exportTo(out, null, _ -> {});
        String text = out.toString(UTF_8);
        int ahead = number(text, "alice");
        int behind = number(text, "bob");
        assertThat(behind).isBetween(ahead - 1, ahead);
        Thread.sleep(2);
      }
      ended.set(true);
      writer.join();
    }
  }

  private static int number(String export, String agent) {
    String value = "\"value\":{\"key\":\"n\",\"value\":";
    int at = export.indexOf(value, export.indexOf(agent + "/memory/n")) + value.length();
    return Integer.parseInt(export.substring(at, export.indexOf('}', at)));
  }

  @Test
  void whatIsTornOrDamagedIsRefusedAndChangesNothing() throws Exception {
    try (Torpor torpor = Folders.quick(state()).open()) {
      torpor.agent("alice", AgentSpec.of("none")).append(Message.user("m"));
      torpor.agent("bob", AgentSpec.of("none")).append(Message.user("m"));
      export(torpor, file(), null);
      export(torpor, folder.resolve("agents.zst"), null);
    }
    try (Torpor torpor = Torpor.reading(other())) {
      for (Path good : List.of(file(), folder.resolve("agents.zst"))) {
        byte[] bytes = Files.readAllBytes(good);
        Random random = new Random(1);
        for (int i = 0; i < bytes.length; i += 1 + random.nextInt(20)) {
          byte[] cut = java.util.Arrays.copyOf(bytes, i);
          refused(torpor, cut);
          byte[] flipped = bytes.clone();
          flipped[i] ^= (byte) (1 << random.nextInt(8));
          if (!java.util.Arrays.equals(content(flipped), content(bytes))) {
            refused(torpor, flipped); // or it was a bit that Zstandard passes over
          }
        }
      }
      List<String> lines = Files.readAllLines(file());
      lines.remove(lines.size() / 2);
      refused(torpor, (String.join("\n", lines) + "\n").getBytes(UTF_8));
      byte[] more =
          java.util.Arrays.copyOf(Files.readAllBytes(file()), (int) Files.size(file()) + 1);
      more[more.length - 1] = '\n';
      refused(torpor, more);
      assertThat(torpor.stats().appended()).isZero();
      torpor.importFrom(file(), false, _ -> {});
      assertThat(torpor.find("alice")).isPresent();
    }
  }

  @Test
  void anAgentThatComesToBeWhileAFileIsCheckedIsNotLostToIt() throws IOException {
    try (Torpor torpor = Folders.quick(state()).open()) {
      torpor.agent("alice", AgentSpec.of("echo"));
      export(torpor, file(), null);
    }
    long size = Files.size(file());
    try (Torpor torpor = Folders.quick(other()).open()) {
      assertThatThrownBy(
              () ->
                  torpor.importFrom(
                      file(),
                      false,
                      read -> {
                        if (read > size) { // it is read once more, to be taken
                          torpor.agent("alice", AgentSpec.of("echo")).remember("here", true);
                        }
                      }))
          .isInstanceOfSatisfying(
              TorporException.class, e -> assertThat(e.reason()).isEqualTo("agent_exists"));
      assertThat(torpor.memory("alice", "here")).isEqualTo(true);
    }
  }

  /** What is in an export, compressed or not; as far as it can be read. */
  private static byte[] content(byte[] bytes) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (InputStream in = ExportFiles.reading(new ByteArrayInputStream(bytes))) {
      in.transferTo(content);
      return content.toByteArray();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private void refused(Torpor torpor, byte[] bytes) throws IOException {
    Path bad = Files.write(folder.resolve("bad"), bytes);
    assertThatThrownBy(() -> torpor.importFrom(bad, false, _ -> {}))
        .isInstanceOfSatisfying(
            TorporException.class,
            e -> assertThat(e.kind()).isEqualTo(TorporException.Kind.INVALID));
  }

  @Test
  void whoIsHereAlreadyIsReplacedOnlyWhenToldAndAtAVersionThatIsHigher() throws Exception {
    try (Torpor torpor = Folders.quick(state()).open()) {
      torpor.agent("bob", AgentSpec.of("none"));
      Agent alice = torpor.agent("alice", AgentSpec.of("none"));
      Task task = alice.submit("pending when it is exported");
      export(torpor, file(), null);
      for (int i = 0; i < 5; i++) {
        alice.append(Message.user("after the export"));
      }
      var _ = torpor.perform(new Request.CancelTask(task.taskId(), null), Terms.NONE);
      torpor.agent("bob").delete();
      long durable = torpor.durable();
      assertThatThrownBy(() -> torpor.importFrom(file(), false, _ -> {}))
          .hasMessageContaining("agent 'alice' is here already");
      assertThat(torpor.durable()).isEqualTo(durable);
      assertThat(torpor.find("bob")).isEmpty();

      torpor.importFrom(file(), true, _ -> {});
      assertThat(torpor.find("bob")).isPresent();
      assertThat(torpor.messages("alice", 0, 10)).isEmpty();
      assertThat(torpor.view("alice").session().version()).isEqualTo(9);
      assertThat(torpor.tasks(null, TaskStatus.PENDING, 10, null).items())
          .extracting(Task::taskId)
          .containsExactly(task.taskId());
      assertThat(torpor.tasks(null, TaskStatus.CANCELLED, 10, null).items()).isEmpty();
    }
  }

  @Test
  void anAgentThatWouldDifferInCaseOnlyIsRefused() throws Exception {
    try (Torpor torpor = Folders.quick(state()).open()) {
      torpor.agent("Alice", AgentSpec.of("none")).submit("t");
      export(torpor, file(), "Alice");
    }
    try (Torpor torpor = Folders.quick(other()).open()) {
      torpor.agent("alice", AgentSpec.of("none"));
      assertThatThrownBy(() -> torpor.importFrom(file(), true, _ -> {}))
          .hasMessageContaining("differ from 'alice' in case only");
    }
  }

  @Test
  void aTurnThatRanWhenItWasExportedIsCutOffAndItsTaskRunsAgain() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Task task;
    try (Torpor torpor = Folders.quick(state()).open()) {
      torpor.behavior(
          "long",
          turn -> {
            turn.step("once", () -> 1);
            running.countDown();
            end.await();
          });
      task = torpor.agent("alice", AgentSpec.of("long")).submit("p");
      running.await();
      export(torpor, file(), null);
      end.countDown();
    }
    AtomicInteger steps = new AtomicInteger();
    try (Torpor torpor = Folders.quick(other()).open()) {
      torpor.behavior("long", turn -> turn.result(turn.step("once", steps::incrementAndGet)));
      torpor.importFrom(file(), false, _ -> {});
      Task done = Folders.await(torpor, task);
      assertThat(done.status()).isEqualTo(TaskStatus.COMPLETED);
      assertThat(done.recoveries()).isEqualTo(1);
      assertThat(done.result()).isEqualTo(1);
      assertThat(steps).hasValue(0);
    }
  }

  @Test
  void anImportThatIsCutOffIsTakenBackByTheNextStartOrGoneOverByTheNextImport() throws Exception {
    try (Torpor torpor = Folders.quick(state()).open()) {
      Agent alice = torpor.agent("alice", AgentSpec.of("none"));
      for (int i = 0; i < 10; i++) {
        alice.submit("t".repeat(900_000));
      }
      export(torpor, file(), "alice");
    }
    MeddledStore store = new MeddledStore(other());
    try (Torpor torpor = Torpor.with(store).open()) {
      store.commitsUntilFull.set(3);
      assertThatThrownBy(() -> torpor.importFrom(file(), false, _ -> {}))
          .isInstanceOfSatisfying(
              TorporException.class, e -> assertThat(e.reason()).isEqualTo("full"));
      store.isFull = false;
      assertThat(torpor.find("alice")).isEmpty();
      assertThat(torpor.tasks(null, null, 10, null).items()).isEmpty();
      assertThat(torpor.importFrom(file(), false, _ -> {}).agents()).isEqualTo(1);
      torpor.agent("alice").delete();
      store.commitsUntilFull.set(3);
      assertThatThrownBy(() -> torpor.importFrom(file(), false, _ -> {}))
          .hasMessageContaining("full");
    }
    try (Torpor torpor = Folders.quick(other()).open()) {
      assertThat(torpor.find("alice")).isEmpty();
      torpor.create("alice", AgentSpec.of("none"), Terms.NONE); // the id is free again
      assertThat(torpor.messages("alice", 0, 10)).isEmpty();
    }
    assertThat(entries(other()).keySet()).noneMatch(key -> key.startsWith("~import"));
  }

  @Test
  void aFolderInWhichNothingRunsTakesMoreThanItsJournalMayHold() throws Exception {
    try (Torpor torpor = Folders.quick(state()).open()) {
      for (int i = 0; i < 100; i++) {
        torpor.agent("agent-" + i, AgentSpec.of("none")).append(Message.user("m".repeat(20_000)));
      }
      export(torpor, file(), null);
    }
    FileStore small =
        FileStore.open(
            Disk.real(),
            other(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            new JournalOptions(64 << 10, 32 << 10, 1, Duration.ofMillis(50)),
            new PackOptions(Duration.ofHours(1), 128 << 10, 1 << 30));
    try (Torpor torpor = Torpor.with(small).openToRead()) {
      assertThat(torpor.importFrom(file(), false, _ -> {}).agents()).isEqualTo(100);
      assertThat(torpor.stats().packed()).isPositive();
      assertThat(torpor.restoreAll()).hasSize(100);
    }
  }

  @Test
  void ofALargeAgentAStoppedProcessLeavesAllOrNothing() throws Exception {
    int messages = 30;
    try (Torpor torpor = Folders.quick(state()).open()) {
      Agent alice = torpor.agent("alice", AgentSpec.of("none"));
      Task due = alice.submit(TaskSpec.of("due").notBefore(Instant.now().plusSeconds(1)));
      for (int i = 0; i < messages; i++) {
        alice.append(Message.user("m".repeat(400_000)));
      }
      assertThat(due.notBefore()).isNotNull();
      export(torpor, file(), "alice");
    }
    List<Path> left = new ArrayList<>();
    try (Torpor torpor = Folders.quick(other()).open()) {
      long begun = torpor.durable();
      torpor.importFrom(
          file(),
          false,
          _ -> {
            assertThat(torpor.find("alice")).isEmpty();
          });
      assertThat(torpor.durable() - begun).isGreaterThan(3); // it did come in portions
      assertThat(torpor.messages("alice", 0, 100)).hasSize(messages);
      long whole = torpor.durable();
      assertThatThrownBy(() -> torpor.importFrom(file(), true, _ -> {}))
          .hasMessageContaining("too large to be replaced at once; delete it first");
      assertThat(torpor.durable()).isEqualTo(whole);
      torpor.agent("alice").delete();
      AtomicInteger looks = new AtomicInteger();
      Thread watcher =
          Thread.startVirtualThread(
              () -> {
                while (torpor.find("alice").isEmpty() && looks.incrementAndGet() < 1000) {
                  left.add(Folders.copy(other(), folder.resolve("left" + left.size())));
                }
              });
      torpor.importFrom(file(), false, _ -> {});
      watcher.join();
    }
    assertThat(left).isNotEmpty();
    for (Path one : left) {
      try (Torpor torpor = Folders.quick(one).open()) {
        if (torpor.find("alice").isEmpty()) {
          assertThat(torpor.tasks(null, null, 10, null).items()).isEmpty();
          torpor.importFrom(file(), false, _ -> {});
        }
        assertThat(torpor.restore("alice").messages()).hasSize(messages);
      }
      entries(one).keySet().forEach(key -> assertThat(key).doesNotStartWith("~import"));
    }
  }
}
