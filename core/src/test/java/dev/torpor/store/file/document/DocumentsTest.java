package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.EventRules;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.TurnRules;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.store.DocumentsLag;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
  @TempDir private Path path;
  private DocumentsRig rig;

  @BeforeEach
  void makeRig() throws IOException {
    rig = new DocumentsRig(path.resolve("state"));
  }

  private void say(String agent, String text) {
    rig.world.ask(new Request.AppendMessage(agent, Message.user(text)));
  }

  private Mail send(String from, String to) {
    return rig.world
        .ask(new Request.SendMail(MailDraft.of(from, to, "s", "b").expectsReply(true, null)))
        .mail()
        .getFirst();
  }

  private void finishTask(String agent) {
    rig.world.submit(agent);
    Task turn = rig.world.start(agent);
    rig.world.step(turn, "ask", List.of(1, "x"));
    rig.world.pass(Duration.ofSeconds(1));
    rig.world.finish(turn);
  }

  private void sleep(String agent) {
    rig.world.ask(
        new Request.PutToSleep(
            agent,
            new SleepDraft(Duration.ofHours(1), null, List.of("go"), "nothing to do", false)));
  }

  /** An agent that has some of everything. */
  private void makeAlice() {
    rig.world.ask(
        new Request.CreateAgent(
            "alice_123",
            "Alice",
            "echo",
            Map.of("n", 1.50, "deep", Map.of("list", List.of(1, "é"))),
            List.of("mail"),
            Map.of(),
            true));
    rig.world.create("bob");
    say("alice_123", "hello \"you\"\n");
    say("alice_123", "again");
    rig.world.ask(new Request.PutMemory("alice_123", "file count/ü", 15));
    rig.world.ask(new Request.PutMemory("alice_123", "nothing", null));
    finishTask("alice_123");
    rig.world.end(started("alice_123"), null, new TurnRules.Outcome.Failed("no"));
    rig.world.step(started("alice_123"), "half", "done");
    rig.world.submit("alice_123");
    rig.world.ask(new Request.ReplyToMail(send("bob", "alice_123").messageId(), null, "yes"));
    send("bob", "alice_123");
    send("alice_123", "bob");
    send("alice_123", "nobody");
  }

  private Task started(String agent) {
    rig.world.submit(agent);
    return rig.world.start(agent);
  }

  private Comparison.Result compared(String agent) throws IOException {
    Comparison comparison = rig.documents.compare(agent);
    assertThat(comparison.faults().isEmpty()).isEqualTo(comparison.result() == Result.EQUAL);
    return comparison.result();
  }

  @Test
  void everythingThatAnAgentHasIsInItsDocumentsAndReadBack() throws Exception {
    makeAlice();
    sleep("bob");
    rig.complete();
    for (String agent : List.of("alice_123", "bob", "user")) {
      assertThat(rig.readBack(agent)).as(agent).isEqualTo(rig.values(agent));
      assertThat(compared(agent)).as(agent).isEqualTo(Result.EQUAL);
    }
    assertThat(rig.files())
        .containsOnlyKeys(
            "agents/alice_123.json",
            "agents/bob.json",
            "agents/user.json",
            "context/alice_123.jsonl",
            "mail/alice_123_history.jsonl",
            "mail/alice_123_mailbox.json",
            "mail/bob_history.jsonl",
            "mail/bob_mailbox.json",
            "sleep/bob_sleep.json",
            "system/active_sessions.json",
            "system/documents.json",
            "tasks/alice_123_history.jsonl",
            "tasks/alice_123_tasks.json");
  }

  @Test
  void aDocumentThatNoChangeTouchedIsNotWrittenAgain() throws Exception {
    makeAlice();
    rig.complete();
    Map<String, String> before = rig.files();
    say("alice_123", "more");
    rig.complete();
    Map<String, String> after = rig.files();
    assertThat(changed(before, after))
        .containsExactlyInAnyOrder(
            "agents/alice_123.json", "context/alice_123.jsonl", "system/documents.json");
    assertThat(after.get("context/alice_123.jsonl"))
        .startsWith(before.get("context/alice_123.jsonl"));
    assertThat(compared("alice_123")).isEqualTo(Result.EQUAL);
  }

  private static List<String> changed(Map<String, String> before, Map<String, String> after) {
    List<String> changed = new ArrayList<>();
    Map<String, String> all = new HashMap<>(before);
    all.putAll(after);
    for (String file : all.keySet()) {
      if (!String.valueOf(before.get(file)).equals(after.get(file))) {
        changed.add(file);
      }
    }
    return changed;
  }

  @Test
  void theLinesThatDifferTellTheChangeAndNoMore() throws Exception {
    makeAlice();
    rig.complete();
    List<String> before = rig.text("agents/alice_123.json").lines().toList();
    rig.world.ask(new Request.PutMemory("alice_123", "new", "x"));
    rig.complete();
    List<String> after = new ArrayList<>(rig.text("agents/alice_123.json").lines().toList());
    after.removeAll(before);
    assertThat(after)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("{\"_checksum\":"),
            line -> assertThat(line).startsWith("  \"_version\":"),
            line -> assertThat(line).startsWith("  \"_seq\":"),
            line -> assertThat(line).startsWith("  \"version\":"),
            line -> assertThat(line).isEqualTo("    \"new\": \"x\","));
  }

  @Test
  void anEmptyDocumentIsNotThereAndIsRemovedWhenItBecomesEmpty() throws Exception {
    rig.world.create("bob");
    sleep("bob");
    rig.complete();
    assertThat(rig.text("sleep/bob_sleep.json"))
        .contains("\"is_sleeping\": true,\n  \"sleep_start\": \"2026-01-01T00:00:00Z\"")
        .contains("\"reason\": \"nothing to do\"");
    rig.world.ask(new Request.WakeAgent("bob", null));
    rig.complete();
    assertThat(rig.has("sleep/bob_sleep.json")).isFalse();
    assertThat(compared("bob")).isEqualTo(Result.EQUAL);
    assertThat(rig.has("context/bob.jsonl")).isFalse();
  }

  @Test
  void theDocumentsOfADeletedAgentGoAndOneCreatedAgainBeginsAnew() throws Exception {
    makeAlice();
    rig.complete();
    rig.world.ask(new Request.DeleteAgent("alice_123"));
    rig.complete();
    assertThat(rig.files().keySet()).noneMatch(file -> file.contains("alice_123"));
    assertThat(rig.text("system/deleted.json")).contains("\"alice_123\"");
    rig.world.create("alice_123");
    say("alice_123", "new");
    rig.complete();
    assertThat(compared("alice_123")).isEqualTo(Result.EQUAL);
    rig.world.ask(new Request.DeleteAgent("alice_123")); // both between two projections
    rig.world.create("alice_123");
    say("alice_123", "newer");
    rig.complete();
    assertThat(rig.text("context/alice_123.jsonl")).contains("newer").hasLineCount(2);
    assertThat(compared("alice_123")).isEqualTo(Result.EQUAL);
  }

  @Test
  void aMessageIsAppendedWithoutReadingTheOthers() throws Exception {
    rig.world.create("alice");
    for (int i = 0; i < 3000; i++) {
      say("alice", "message " + i);
    }
    rig.complete();
    say("alice", "the last");
    rig.read.clear();
    rig.complete();
    assertThat(rig.read).contains("alice/message/0000003000*");
    assertThat(rig.read).noneMatch(key -> key.equals("alice/message/*"));
    assertThat(rig.text("context/alice.jsonl")).hasLineCount(3002);
    assertThat(compared("alice")).isEqualTo(Result.EQUAL);
  }

  @Test
  void whatFinishedOrCameIsAppendedWithoutReadingWhatDidBefore() throws Exception {
    rig.world.create("alice", "bob");
    for (int i = 0; i < 40; i++) {
      finishTask("alice");
      send("bob", "alice");
      send("alice", "bob");
    }
    rig.world.ask(new Request.TakeMail("alice", 25));
    rig.complete();
    finishTask("alice");
    Mail asked = send("bob", "alice");
    rig.world.ask(new Request.ReplyToMail(asked.messageId(), null, "b"));
    rig.read.clear();
    rig.complete();
    assertThat(rig.read.stream().filter(key -> key.startsWith("alice/")))
        .doesNotContain("alice/task/*", "alice/mail/*", "alice/sent/*");
    assertThat(compared("alice")).isEqualTo(Result.EQUAL);
    assertThat(compared("bob")).isEqualTo(Result.EQUAL);
    assertThat(rig.readBack("alice")).isEqualTo(rig.values("alice"));
  }

  @Test
  void aRestartLooksAtThoseWhoChangedSinceAndAtNobodyElse() throws Exception {
    makeAlice();
    rig.complete();
    say("bob", "not projected any more");
    rig.restart();
    rig.read.clear();
    rig.project();
    assertThat(rig.read).noneMatch(key -> key.startsWith("alice_123/"));
    assertThat(compared("bob")).isEqualTo(Result.EQUAL);
    Map<String, String> before = rig.files();
    rig.restart();
    rig.project();
    assertThat(rig.files()).isEqualTo(before);
  }

  @Test
  void aRestartRepairsWhatWasTornAndDropsWhatIsOfNobody() throws Exception {
    makeAlice();
    rig.complete();
    say("alice_123", "more");
    finishTask("bob");
    Path context = rig.folder.resolve("context/alice_123.jsonl");
    Files.writeString(context, Files.readString(context) + "{\"crc\":\"0000");
    Path tasks = rig.folder.resolve("tasks/alice_123_tasks.json");
    Files.writeString(tasks, Files.readString(tasks).substring(9));
    Files.writeString(rig.folder.resolve("system/document.tmp"), "half");
    rig.restart();
    rig.project();
    assertThat(compared("alice_123")).isEqualTo(Result.EQUAL);
    assertThat(compared("bob")).isEqualTo(Result.EQUAL);
    assertThat(rig.has("system/document.tmp")).isFalse();
  }

  @Test
  void whatIsBrokenIsNotWrittenOverWhatIsGood() throws Exception {
    rig.validator = agent -> agent.messages().size() > 1 ? List.of("too much") : List.of();
    rig.restart();
    rig.world.create("alice");
    say("alice", "one");
    rig.complete();
    Map<String, String> before = rig.files();
    say("alice", "two");
    rig.complete();
    assertThat(changed(before, rig.files())).containsExactly("system/documents.json");
    assertThat(compared("alice")).isEqualTo(Result.STALE);
  }

  @Test
  void howFarTheyAreBehindIsKnown() throws Exception {
    rig.options = new DocumentOptions(Duration.ofHours(1), 1000, 1 << 20, Duration.ofSeconds(1));
    rig.restart();
    rig.complete();
    rig.world.create("alice", "bob");
    rig.project();
    DocumentsLag lag = rig.documents.lag();
    assertThat(lag.agents()).isEqualTo(2);
    assertThat(lag.oldest()).isPositive();
    assertThat(rig.has("agents/alice.json")).isFalse();
    rig.complete();
    assertThat(rig.documents.lag()).isEqualTo(DocumentsLag.NONE);
  }

  /** Seals each value in a string, and names keys its own way. */
  private static final class Sealing implements StateSerializer {
    private final StateSerializer json = new JsonStateSerializer();

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      ByteArrayOutputStream plain = new ByteArrayOutputStream();
      json.write(value, plain);
      String sealed = Base64.getEncoder().encodeToString(plain.toByteArray());
      out.write(('"' + sealed + '"').getBytes(UTF_8));
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      byte[] plain = Base64.getDecoder().decode(new String(bytes, offset + 1, length - 2, UTF_8));
      return json.read(type, plain, 0, plain.length);
    }

    @Override
    public String name(String text) {
      return json.name(text);
    }
  }

  @Test
  void whatASerializerSealsIsSealedInDocumentsTooAndReadBack() throws Exception {
    rig.serializer = new Sealing();
    rig.restart();
    makeAlice();
    sleep("bob");
    rig.complete();
    for (String agent : List.of("alice_123", "bob")) {
      assertThat(rig.readBack(agent)).as(agent).isEqualTo(rig.values(agent));
      assertThat(compared(agent)).as(agent).isEqualTo(Result.EQUAL);
    }
    assertThat(rig.files().values())
        .noneMatch(text -> text.contains("hello") || text.contains("nothing to do"));
    assertThat(rig.text("sleep/bob_sleep.json")).contains("\"is_sleeping\": true", "\"_sealed\"");
  }

  @Test
  void eventsAreAppendedAndMadeAnewWhenMostOfThemWereReplaced() throws Exception {
    rig.complete();
    rig.world.broadcast("go", 1);
    rig.world.broadcast("stay", 1);
    rig.complete();
    int lines = (int) rig.text("system/events.jsonl").lines().count();
    rig.world.broadcast("go", 2);
    rig.complete();
    assertThat(rig.text("system/events.jsonl")).startsWith("{\"crc\":").contains("\"data\":2");
    assertThat(rig.text("system/events.jsonl").lines().count()).isGreaterThan(lines);
    for (int i = 0; i < 600; i++) {
      rig.world.broadcast("go", i);
      rig.complete();
    }
    assertThat(rig.text("system/events.jsonl").lines().count()).isLessThan(1200);
  }

  @Test
  void requestsUnderKeysAreShownBehindACheckpoint() throws Exception {
    var request = new Broadcast.Request("event.broadcast", "", "a key", "digest");
    long seq = rig.world.decide(draft -> EventRules.record(draft, "go", null, request));
    rig.world.<Broadcast>decide(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson));
    rig.complete();
    assertThat(rig.text("system/requests.jsonl")).hasLineCount(2).contains("/a%20key\"");
  }

  @Test
  void comparingTellsStaleAndNewerAndMissingFromDamaged() throws Exception {
    makeAlice();
    assertThat(compared("alice_123")).isEqualTo(Result.MISSING);
    rig.complete();
    say("alice_123", "more");
    assertThat(compared("alice_123")).isEqualTo(Result.STALE);
    rig.complete();
    for (Map.Entry<String, String> file : rig.files().entrySet()) {
      if (file.getKey().contains("alice_123")) {
        Path damaged = rig.folder.resolve(file.getKey());
        for (int at = 0; at < file.getValue().length(); at += 97) {
          StringBuilder text = new StringBuilder(file.getValue());
          text.setCharAt(at, (char) (text.charAt(at) ^ 1));
          Files.writeString(damaged, text);
          assertThat(compared("alice_123")).as(file.getKey() + at).isEqualTo(Result.DAMAGED);
        }
        Files.delete(damaged);
        assertThat(compared("alice_123"))
            .isEqualTo(file.getKey().startsWith("agents") ? Result.MISSING : Result.DAMAGED);
        rig.documents.again("alice_123");
        rig.complete();
        assertThat(compared("alice_123")).as(file.getKey()).isEqualTo(Result.EQUAL);
      }
    }
  }
}
