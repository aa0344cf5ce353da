package dev.torpor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdInputStream;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.Retention;
import dev.torpor.store.file.document.DocumentOptions;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deleted agent had is in no byte of the folder any more, in time, or at once. */
class ErasureTest {
  private static final String WORD = "zyzzyva";
  private static final Duration NOBODY = Duration.ofDays(10_000);
  private static final JournalOptions SMALL =
      new JournalOptions(64 << 10, 32 << 10, 1, Duration.ofMillis(50));

  @TempDir private Path folder;
  private final Moved clock = new Moved();

  /** The wall's clock, moved. */
  private static final class Moved extends Clock {
    private volatile Duration by = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(by);
    }
  }

  private Path state() {
    return folder.resolve("state");
  }

  private TorporBuilder builder() {
    return Folders.quick(state()).clock(clock);
  }

  /** An agent that has the word in everything that it can have, and another that has mail of it. */
  private static void fill(Torpor torpor) {
    Terms once = new Terms("first", null);
    AgentSpec spec =
        AgentSpec.of("echo")
            .name(WORD)
            .configuration(Map.of(WORD, WORD))
            .toolSets(List.of(WORD))
            .metadata(Map.of("about", WORD));
    torpor.create("alice", spec, once);
    torpor.agent("bob", AgentSpec.of("echo")).append(Message.user("quokka"));
    Agent alice = torpor.agent("alice");
    alice.append(Message.user(WORD));
    torpor.checkpoint();
    Task done = alice.submit(TaskSpec.of(WORD).payload(Map.of(WORD, WORD)));
    Folders.await(torpor, done);
    torpor.perform(new Request.PutMemory("alice", WORD, WORD), once);
    torpor.perform(
        new Request.SendMail(
            MailDraft.of("alice", "alice", WORD, WORD).metadata(Map.of("m", WORD))),
        once);
    alice.mail("nobody", WORD, WORD);
    alice.mail("bob", "Axolotl", "for bob");
    torpor.checkpoint();
    torpor.perform(
        new Request.PutToSleep(
            "alice", new SleepDraft(Duration.ofHours(100), null, List.of(), WORD, false)),
        Terms.NONE);
    alice.submit(TaskSpec.of(WORD));
  }

  /** Files in quarantine, one of them another agent's. */
  private void quarantine() throws IOException {
    for (String name :
        List.of(
            "packs/0000000001.jsonl",
            "mirror/0000000001.jsonl.zst.2",
            "journal/0000000001.jsonl",
            "agents/alice.jsonl",
            "agents/alice_journal.jsonl.3",
            "agents/bob.jsonl",
            "mail/alice_mailbox.json.2",
            "system/metadata.json")) {
      Path file = state().resolve("quarantine").resolve(name);
      Files.createDirectories(file.getParent());
      boolean stays = name.contains("bob") || name.contains("system");
      Files.writeString(file, stays ? "another's" : WORD);
    }
  }

  /** In which files the word is, decompressed, and those that have none yet among them. */
  private static List<String> found(Path state, String word) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = read(file);
        String text = file.getFileName() + new String(bytes, ISO_8859_1);
        if (text.contains(word)
            || (file.toString().contains(".zst") && decompressed(bytes).contains(word))) {
          found.add(state.relativize(file).toString());
        }
      }
    } catch (UncheckedIOException | IOException e) {
      return found(state, word); // a folder changed on the way
    }
    return found;
  }

  private static byte[] read(Path file) throws IOException {
    try {
      return file.endsWith("LOCK") ? new byte[0] : Files.readAllBytes(file);
    } catch (NoSuchFileException gone) {
      return new byte[0];
    }
  }

  private static String decompressed(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      in.transferTo(out);
    } catch (IOException e) {
      // as far as it goes
    }
    return out.toString(ISO_8859_1);
  }

  private List<String> found() {
    return found(state(), WORD);
  }

  private static void assertTheRestIsThere(Torpor torpor) {
    assertThat(torpor.agent("bob").history(1).getFirst().content()).isEqualTo("quokka");
    assertThat(torpor.agent("bob").unreadMail()).extracting(Mail::subject).contains("Axolotl");
    assertThat(torpor.find("alice")).isEmpty();
    assertThat(torpor.tasks(null, null, 100, null).items()).isEmpty();
    assertThat(torpor.tasks(null, TaskStatus.COMPLETED, 100, null).items()).isEmpty();
    assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
  }

  @Test
  void cleaningUpErasesAtOnceWhatWasDeletedBefore() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.checkpoint();
      quarantine();
      assertThat(found()).hasSizeGreaterThan(10);
      torpor.agent("alice").delete();
      assertThat(torpor.cleanUp(NOBODY)).isEmpty();
      assertThat(found()).isEmpty();
      assertThat(found(state(), "Axolotl")).as("bob's mail is his").isNotEmpty();
      assertThat(found(state(), "another's")).hasSize(2);
      assertTheRestIsThere(torpor);
    }
    assertThat(found()).isEmpty();
    try (Torpor torpor = builder().open()) {
      assertTheRestIsThere(torpor);
      assertThat(torpor.recovery().damaged()).isEmpty();
    }
  }

  @Test
  void whatIsCleanedUpItselfIsErasedToo() {
    try (Torpor torpor = builder().open()) {
      torpor.agent("alice", AgentSpec.of("echo")).append(Message.user(WORD));
      torpor.checkpoint();
      assertThat(torpor.cleanUp(Duration.ZERO)).containsExactly("alice");
      assertThat(found()).isEmpty();
    }
  }

  private Map<Path, List<Object>> files() throws IOException {
    Map<Path, List<Object>> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(state())) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, List.of(Files.size(file), Files.getLastModifiedTime(file)));
      }
    }
    return files;
  }

  @Test
  void whatRunsOnACallersThreadIsOverWhenTheStoreIsClosed() throws Exception {
    for (int round = 0; round < 12; round++) {
      Torpor torpor = builder().open();
      for (int i = 0; i < 20; i++) {
        torpor.agent("agent-" + i, AgentSpec.of("none")).append(Message.user(WORD.repeat(1000)));
      }
      torpor.checkpoint();
      torpor.agent("agent-0").delete();
      Thread caller =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      torpor.cleanUp(NOBODY);
                    } catch (TorporException | IllegalStateException e) {
                      return; // it was closed
                    }
                  });
      Thread.sleep(2L * round);
      torpor.close();
      Map<Path, List<Object>> left = files();
      caller.join();
      assertThat(files()).isEqualTo(left);
    }
    try (Torpor torpor = builder().open()) {
      assertThat(torpor.recovery().damaged()).isEmpty();
    }
  }

  @Test
  void whereNothingWasDeletedNothingIsWritten() throws Exception {
    try (Torpor torpor = builder().open()) {
      torpor.agent("bob", AgentSpec.of("echo")).append(Message.user("quokka"));
      torpor.checkpoint();
      quarantine();
      long durable = torpor.durable();
      byte[] manifest = Files.readAllBytes(state().resolve("system/metadata.json"));
      assertThat(torpor.cleanUp(NOBODY)).isEmpty();
      assertThat(torpor.durable()).isEqualTo(durable);
      assertThat(state().resolve("system/metadata.json")).hasBinaryContent(manifest);
      assertThat(found()).as("what is in quarantine").hasSize(6);
    }
  }

  @Test
  void inTimeItGoesByItself() throws Exception {
    TorporBuilder builder = builder().eraseDeletedWithin(Duration.ofSeconds(200));
    try (Torpor torpor = builder.open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      torpor.checkpoint();
      quarantine();
      assertThat(found()).isNotEmpty();
      clock.by = Duration.ofSeconds(99);
      // Nothing is committed any more, and nobody asks for anything.
      clock.by = Duration.ofSeconds(101);
      await().atMost(Folders.SOON).until(() -> found().isEmpty());
      assertTheRestIsThere(torpor);
    }
  }

  @Test
  void aStartGoesOnWithWhatTheLastProcessDidNotDo() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      quarantine();
    }
    clock.by = Duration.ofHours(11);
    try (Torpor torpor = builder().open()) {
      torpor.checkpoint();
      assertThat(found()).isNotEmpty();
    }
    clock.by = Duration.ofHours(13);
    try (Torpor torpor = builder().open()) {
      await().atMost(Folders.SOON).until(() -> found().isEmpty());
      assertTheRestIsThere(torpor);
    }
  }

  @Test
  void documentsThatNobodyKeepsAnyMoreGoToo() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
    }
    try (Torpor torpor = builder().documents(false).open()) {
      torpor.agent("alice").delete();
      torpor.cleanUp(NOBODY);
      assertThat(found()).isEmpty();
      assertThat(state().resolve("agents/bob.json")).exists();
    }
  }

  @Test
  void anAgentThatCameAgainKeepsWhatItHasAndNoAnswerOfItsFormerLifeIsGiven() throws Exception {
    Terms once = new Terms("first", null);
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      assertThat(torpor.perform(new Request.PutMemory("alice", WORD, WORD), once))
          .as("a request that comes again gets its answer")
          .isTrue();
      Agent alice = torpor.agent("alice", AgentSpec.of("echo"));
      alice.append(Message.user("again"));
      Task task = alice.submit("Wombat");
      Folders.await(torpor, task);
      torpor.checkpoint();
      torpor.cleanUp(NOBODY);
      assertThat(found()).isEmpty();
      assertThat(alice.history(1).getFirst().content()).isEqualTo("again");
      assertThat(torpor.task(task.taskId()).result()).isEqualTo("Wombat");
      assertThatThrownBy(() -> torpor.perform(new Request.PutMemory("alice", WORD, WORD), once))
          .hasMessageContaining("erased with agent 'alice'");
      assertThat(found()).isEmpty();
      assertThat(found(state(), "Wombat")).contains("tasks/alice_history.jsonl");
      assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
    }
  }

  @Test
  void itGoesWhileOthersWorkAndCheckpointsAndMergesRun() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    try (Torpor torpor = builder().checkpointEvery(Duration.ofMillis(5)).open()) {
      torpor.agent("carl", AgentSpec.of("none"));
      Thread worker =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !ended.get(); i++) {
                      torpor.agent("carl").append(Message.user("m" + i));
                    }
                  });
      try {
        for (int i = 0; i < 5; i++) {
          torpor.agent("alice", AgentSpec.of("none")).append(Message.user(WORD));
          torpor.agent("alice").mail("alice", WORD, WORD);
          Thread.sleep(20);
          torpor.agent("alice").delete();
          torpor.cleanUp(NOBODY);
          assertThat(found()).isEmpty();
        }
      } finally {
        ended.set(true);
        worker.join();
      }
      assertThat(torpor.verify(CheckProgress.NONE).damaged()).isEmpty();
    }
  }

  private static Torpor open(FaultyDisk disk, Path state, Duration within) {
    FileStore store =
        FileStore.open(
            disk,
            state,
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            SMALL,
            PackOptions.every(Duration.ofHours(1)).with(new Retention(Duration.ofDays(1), within)),
            DocumentOptions.DEFAULT);
    return Torpor.with(store).grace(Duration.ofMillis(50)).behavior("echo", Folders::echo).open();
  }

  @Test
  void whereverItIsCutOffTheNextStartGoesOnAndNothingElseIsLost() throws Exception {
    try (Torpor torpor = builder().open()) {
      fill(torpor);
      torpor.agent("alice").delete();
      quarantine();
    }
    int crashes = 0;
    for (int step = 0; ; step++) {
      Path own = Folders.copy(state(), folder.resolve("state" + step));
      AtomicInteger left = new AtomicInteger(step);
      AtomicBoolean armed = new AtomicBoolean();
      FaultyDisk disk =
          new FaultyDisk(
              (operation, file) -> {
                if (armed.get() && left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      boolean erased;
      try (Torpor torpor = open(disk, own, Duration.ofDays(1))) {
        armed.set(true);
        erased = erases(torpor);
        if (erased) {
          assertThat(found(own, WORD)).as("step %d", step).isEmpty();
        }
      }
      crashes += erased ? 0 : 1;
      FaultyDisk good = new FaultyDisk((operation, file) -> {});
      try (Torpor torpor = open(good, own, Duration.ofMillis(1))) {
        await().atMost(Folders.SOON).until(() -> found(own, WORD).isEmpty());
        assertTheRestIsThere(torpor);
        assertThat(torpor.recovery().damaged()).as("step %d", step).isEmpty();
      }
      assertThat(found(own, WORD)).as("step %d", step).isEmpty();
      if (erased && left.get() > 0) {
        break;
      }
    }
    assertThat(crashes).isGreaterThan(30);
  }

  @Test
  void whatCouldNotBeRemovedIsNotSaidToBeAndIsTriedAgain() throws Exception {
    for (String busy : List.of("packs", "mirror", "journal", "quarantine", "requests")) {
      Path own = folder.resolve(busy);
      FaultyDisk disk = new FaultyDisk((operation, file) -> {});
      try (Torpor torpor = open(disk, own, Duration.ofDays(1))) {
        fill(torpor);
        Path kept = own.resolve("quarantine/packs/0000000001.jsonl");
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, WORD);
        Files.writeString(own.resolve("quarantine/README"), "not theirs");
        torpor.agent("alice").delete();
        disk.setFault(
            (operation, file) -> {
              boolean isRemoval = operation == Operation.DELETE || busy.equals("requests");
              if (isRemoval && file.toString().substring(own.toString().length()).contains(busy)) {
                throw new IOException("busy");
              }
            });
        assertThat(erases(torpor)).as(busy).isFalse();
        assertThat(found(own, WORD)).as(busy).isNotEmpty();
        disk.setFault((operation, file) -> {});
        await().atMost(Folders.SOON).until(() -> erases(torpor)); // a disk has to rest, too
        assertThat(found(own, WORD)).as(busy).isEmpty();
        assertThat(own.resolve("quarantine/README")).hasContent("not theirs");
        assertTheRestIsThere(torpor);
      }
    }
  }

  private static boolean erases(Torpor torpor) {
    try {
      torpor.cleanUp(NOBODY);
      return true;
    } catch (TorporException e) {
      return false;
    }
  }
}
