package dev.torpor.store.file.document;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.disk.Disk;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.ReadFile;
import dev.torpor.rules.Request;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Importing;
import dev.torpor.state.Keys;
import dev.torpor.state.MemoryItem;
import dev.torpor.state.Message;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are foreign, cut off, gone, newer than the state, or of odd values. */
class OddDocumentsTest {
  @TempDir private Path path;
  private DocumentsRig rig;

  @BeforeEach
  void makeRig() throws IOException {
    rig = new DocumentsRig(path.resolve("state"));
    rig.world.create("alice", "bob");
    say("alice");
    say("bob");
    rig.complete();
  }

  private void say(String agent) {
    rig.world.ask(new Request.AppendMessage(agent, Message.user("hello")));
  }

  private Path file(String name) {
    return rig.folder.resolve(name);
  }

  private void assertEqual(String... agents) throws IOException {
    for (String agent : agents) {
      assertThat(rig.documents.compare(agent)).isEqualTo(Comparison.of(Result.EQUAL));
      assertThat(rig.readBack(agent)).as(agent).isEqualTo(rig.values(agent));
    }
  }

  /** What a check tells, a sentence each. */
  private static final class Told implements DocumentCheck.Findings {
    final List<String> damaged = new ArrayList<>();
    final List<String> stale = new ArrayList<>();

    @Override
    public void damaged(String file, @Nullable String agent, String what, boolean healable) {
      damaged.add(file + ": " + what);
    }

    @Override
    public void stale(String what) {
      stale.add(what);
    }
  }

  private static Told told(DocumentCheck check) throws IOException {
    Told told = new Told();
    check.run(told);
    return told;
  }

  private DocumentCheck unshared(String store) {
    return DocumentCheck.ofFolder(rig.disk, rig.folder, store, rig.serializer, rig);
  }

  @Test
  void whatNobodyWasToldOfYetIsStaleAndWhatWaitsIsNotNamed() throws Exception {
    say("alice");
    rig.world.create("carl");
    for (DocumentCheck check : List.of(rig.documents.check(), unshared(DocumentsRig.STORE))) {
      Told told = told(check);
      assertThat(told.damaged).isEmpty();
      assertThat(told.stale)
          .anyMatch(what -> what.contains("'alice' show version"))
          .contains("there are no documents of agent 'carl' yet");
    }
    rig.tell();
    assertThat(told(rig.documents.check()).stale).isEmpty();
  }

  @Test
  void whatSaysHowFarTheyAreMustBeThisStoresAndSayWhatItIs() throws Exception {
    String name = "system/documents.json";
    assertThat(told(unshared("other")).damaged).contains(name + ": it is another store's");
    String good = rig.text(name);
    for (String field : List.of("_saved_at", "_session_id")) {
      Forged.document(file(name), text -> text.replace(field, "of_no_meaning"));
      assertThat(told(unshared(DocumentsRig.STORE)).damaged)
          .contains(name + ": it says nothing about itself");
      assertThat(Documents.storeOf(rig.disk, rig.folder)).isNull();
      assertThat(Documents.durable(rig.disk, rig.folder, DocumentsRig.STORE)).isZero();
      Files.writeString(file(name), good);
    }
    assertThat(Documents.storeOf(rig.disk, rig.folder)).isEqualTo(DocumentsRig.STORE);
    assertThat(told(unshared(DocumentsRig.STORE)).damaged).isEmpty();
  }

  @Test
  void filesThatAreNobodysAreToldApartByTheirNames() throws Exception {
    for (String name : List.of("mail/user_mailbox.json", "agents/.x.json", "agents/.json")) {
      Files.writeString(file(name), "mine");
    }
    Files.writeString(file("context/zoe.jsonl"), "half");
    rig.world.table.apply(
        List.of(new EntryWrite.Put(Keys.importing("zoe"), 0, new Importing("zoe", 1, 0))),
        rig.world.seq());
    Told told = told(rig.documents.check());
    assertThat(told.damaged).isEmpty();
    assertThat(told.stale)
        .containsExactlyInAnyOrder(
            "mail/user_mailbox.json: it is no file of the store",
            "agents/.x.json: it is no file of the store",
            "agents/.json: it is no file of the store",
            "context/zoe.jsonl: there is no agent 'zoe' any more");
    assertThatThrownBy(() -> Documents.files("../alice"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../alice");
  }

  @Test
  void aFileThatIsGoneOrSomebodysByNowIsNotMovedAway() throws Exception {
    List<Path> moved = new ArrayList<>();
    Strays.Stray stray = new Strays.Stray("context/zoe.jsonl", "zoe", false);
    assertThat(rig.documents.remove(stray, moved::add)).isFalse();
    Files.writeString(file(stray.file()), "half");
    assertThat(rig.documents.remove(stray, moved::add)).isTrue();
    rig.world.create("zoe");
    assertThat(rig.documents.remove(stray, moved::add)).isFalse();
    assertThat(moved).containsExactly(file(stray.file()));
  }

  @Test
  void agentsThatHaveDocumentsAreFoundByTheirNames() throws Exception {
    Files.writeString(file("agents/notes.txt"), "mine");
    assertThat(new DocumentReader(rig.disk, rig.folder, rig.serializer).agents())
        .containsExactly("alice", "bob", "user");
    Path nothing = path.resolve("nothing");
    assertThat(new DocumentReader(rig.disk, nothing, rig.serializer).agents()).isEmpty();
  }

  @Test
  void linesThatWereTakenAwayOrCutOffAreMadeAnewWithTheNextMessage() throws Exception {
    Path context = file("context/alice.jsonl");
    Files.delete(context);
    say("alice");
    rig.complete();
    assertEqual("alice");
    String text = rig.text("context/alice.jsonl");
    Files.writeString(context, text.substring(0, text.length() - 9));
    say("alice");
    rig.complete();
    assertEqual("alice");
    Forged.document(
        file("agents/alice.json"), json -> json.replaceFirst("\"lines\": \\d+", "\"lines\": 9"));
    assertThat(rig.documents.compare("alice").faults())
        .contains(new Comparison.Fault("context/alice.jsonl", "it has other lines than it had"));
    Files.writeString(context, rig.text("context/alice.jsonl") + "{\"crc\":\"00");
    rig.restart();
    say("alice");
    rig.complete();
    assertEqual("alice");
  }

  @Test
  void aLineTooShortForItsChecksumIsDamaged() throws Exception {
    Files.writeString(file("context/alice.jsonl"), "x\n" + rig.text("context/alice.jsonl"));
    assertThat(rig.documents.compare("alice").faults())
        .containsExactly(
            new Comparison.Fault("context/alice.jsonl", "the checksum of a line is wrong"));
  }

  @Test
  void documentsNewerThanTheStateAreAllMadeAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      say("alice");
    }
    rig.complete();
    rig = new DocumentsRig(path.resolve("state"));
    rig.world.create("alice");
    rig.restart();
    rig.complete();
    assertEqual("alice");
    assertThat(rig.has("context/alice.jsonl")).isFalse();
    assertThat(rig.text("system/documents.json")).contains("\"_seq\": " + rig.world.seq());
  }

  @Test
  void whoHasTheIdInOtherLettersIsLookedAtAgain() throws Exception {
    rig.world.create("Carl");
    rig.complete();
    rig.world.ask(new Request.DeleteAgent("Carl"));
    rig.tell();
    rig.world.create("carl");
    rig.complete();
    assertEqual("carl");
    assertThat(new DocumentReader(rig.disk, rig.folder, rig.serializer).agents())
        .contains("carl")
        .doesNotContain("Carl");
  }

  @Test
  void whatAnOldCopySaysOfHowFarTheyAreIsReplacedAndIsNoDamage() throws Exception {
    String old = rig.text("system/documents.json");
    say("alice");
    rig.complete();
    String now = rig.text("system/documents.json");
    Files.writeString(file("system/documents.json"), old);
    List<String> found = new ArrayList<>();
    rig.documents.healing().run(_ -> {}, Files::delete, (what, a, h) -> found.add("" + what));
    assertThat(found).isEmpty();
    assertThat(rig.text("system/documents.json")).isEqualTo(now);
  }

  @Test
  void whatWaitsToBeProjectedIsNotHurriedByWhoLooksForDamage() throws Exception {
    TreeMap<String, String> before = rig.files();
    say("alice");
    rig.world.create("carl");
    rig.tell();
    List<String> found = new ArrayList<>();
    rig.documents.healing().run(_ -> {}, Files::delete, (what, a, h) -> found.add("" + what));
    assertThat(found).isEmpty();
    assertThat(rig.files()).isEqualTo(before);
    Files.delete(file("context/alice.jsonl"));
    rig.documents.healing().run(_ -> {}, Files::delete, (what, a, h) -> found.add(a + h));
    assertThat(found).containsExactly("alicetrue");
    assertEqual("alice");
  }

  @Test
  void behindAFailureOfTheDiskNothingIsTriedForAWhile() throws Exception {
    say("alice");
    rig.disk.setFault(
        (operation, file) -> {
          throw new IOException("the disk fails");
        });
    assertThatThrownBy(() -> rig.project()).hasMessage("the disk fails");
    rig.disk.setFault(DocumentsRig.NO_FAULT);
    rig.project();
    assertThat(rig.documents.compare("alice").result()).isEqualTo(Result.STALE);
    rig.complete();
    assertEqual("alice");
  }

  @Test
  void aDiskThatFailsWhileItIsFoundOutWhoChangedBeginsAnew() throws Exception {
    say("alice");
    say("bob");
    rig.restart();
    failAt("agents/bob.json");
    assertThatThrownBy(() -> rig.complete()).hasMessage("the disk fails");
    rig.disk.setFault(DocumentsRig.NO_FAULT);
    rig.complete();
    assertEqual("alice", "bob");
  }

  private void failAt(String name) {
    rig.disk.setFault(
        (operation, file) -> {
          if (operation == FaultyDisk.Operation.RENAME && file.endsWith(name)) {
            throw new IOException("the disk fails");
          }
        });
  }

  @Test
  void aStoreThatIsClosedWithoutTimeLeavesTheRestToTheNextStart() throws Exception {
    rig.options = new DocumentOptions(Duration.ZERO, 1_000_000, 1L << 40, Duration.ZERO);
    String before = rig.text("system/documents.json");
    say("alice");
    say("bob");
    rig.restart();
    rig.disk.setFault(
        (operation, file) -> {
          if (file.endsWith("agents/alice.json") || file.endsWith("agents/bob.json")) {
            rig.documents.end();
          }
        });
    rig.project();
    rig.disk.setFault(DocumentsRig.NO_FAULT);
    List<Result> results =
        List.of(rig.documents.compare("alice").result(), rig.documents.compare("bob").result());
    assertThat(results).containsExactlyInAnyOrder(Result.EQUAL, Result.STALE);
    rig.project();
    rig.documents.finish();
    assertThat(rig.text("system/documents.json")).as("how far all are").isEqualTo(before);
    rig.restart();
    rig.complete();
    assertEqual("alice", "bob");
  }

  @Test
  void whoIsThereIsNotWrittenAgainRightBehindThat() throws Exception {
    rig.options = new DocumentOptions(Duration.ZERO, 1_000_000, 16, Duration.ZERO);
    rig.restart();
    rig.world.create("carl");
    rig.complete();
    String before = rig.text("system/active_sessions.json");
    rig.world.ask(new Request.StopAgent("alice"));
    rig.documents.checkpointed();
    rig.documents.run();
    assertThat(rig.text("system/active_sessions.json")).isEqualTo(before);
    rig.complete();
    assertThat(rig.text("system/active_sessions.json")).contains("stopped");
  }

  @Test
  void aLongDocumentThatTheDiskGarblesIsNotPutInItsPlace() throws Exception {
    rig.world.ask(new Request.PutMemory("alice", "long", "x".repeat(900_000)));
    rig.world.ask(new Request.PutMemory("alice", "longer", "y".repeat(900_000)));
    String before = rig.text("agents/alice.json");
    Path body = file("system/document.body.tmp");
    rig.disk.setFault(
        (operation, file) -> {
          if (operation == FaultyDisk.Operation.CREATE
              && file.endsWith("document.tmp")
              && Files.exists(body)) {
            byte[] bytes = Files.readAllBytes(body);
            bytes[bytes.length / 2] ^= 1;
            Files.write(body, bytes);
          }
        });
    assertThatThrownBy(() -> rig.complete()).hasMessageContaining("is not what was written to it");
    rig.disk.setFault(DocumentsRig.NO_FAULT);
    assertThat(rig.text("agents/alice.json")).isEqualTo(before);
    assertThat(body).doesNotExist();
    rig.complete();
    assertEqual("alice");
  }

  @Test
  void moreAgentsThanAreRememberedAreFollowedAndHealed() throws Exception {
    String[] many = new String[1010];
    for (int i = 0; i < many.length; i++) {
      many[i] = "agent-%04d".formatted(i);
    }
    rig.world.create(many);
    rig.complete();
    say(many[0]);
    rig.complete();
    assertEqual(many[0]);
    Path last = file("agents/" + many[1009] + ".json");
    Files.delete(last);
    List<String> found = new ArrayList<>();
    rig.documents.healing().run(_ -> {}, Files::delete, (what, a, h) -> found.add(a + h));
    assertThat(found).containsExactly(many[1009] + "true");
    assertThat(last).exists();
  }

  /** Writes what is remembered in a form of its own. */
  private static final class Own implements StateSerializer {
    private final StateSerializer json = new JsonStateSerializer();
    private final Map<String, byte[]> originals = new HashMap<>();
    private final String form;

    Own(String form) {
      this.form = form;
    }

    @Override
    public void write(Object value, OutputStream out) throws IOException {
      if (!(value instanceof MemoryItem)) {
        json.write(value, out);
        return;
      }
      ByteArrayOutputStream original = new ByteArrayOutputStream();
      json.write(value, original);
      originals.put(form, original.toByteArray());
      out.write(form.getBytes(UTF_8));
    }

    @Override
    public <T> T read(Class<T> type, byte[] bytes, int offset, int length) {
      byte[] original = originals.get(new String(bytes, offset, length, UTF_8));
      return type == MemoryItem.class && original != null
          ? json.read(type, original, 0, original.length)
          : json.read(type, bytes, offset, length);
    }

    @Override
    public String name(String text) {
      return json.name(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[1]",
        "{\"value\":1,\"key\":\"colour\"}",
        "{\"key\":[\"colour\"],\"value\":1}",
        "{\"key\":\"sealed\",\"value\":1}",
        "{\"key\":\"colour\",\"data\":1}",
        "{\"key\":\"colour\",\"value\":1,\"more\":2}"
      })
  void whatASerializerWritesInAFormOfItsOwnIsKeptAsItIs(String form) throws Exception {
    rig.serializer = new Own(form);
    rig.restart();
    rig.world.ask(new Request.PutMemory("alice", "colour", "blue"));
    rig.complete();
    assertThat(rig.text("agents/alice.json")).contains("\"sealed_memory\"");
    assertEqual("alice");
  }

  /** A file that is cut off once its size was asked for. */
  private record Shrinking(ReadFile file) implements ReadFile {
    @Override
    public int read(long position, byte[] buffer, int offset, int length) throws IOException {
      return file.read(position, buffer, offset, length);
    }

    @Override
    public long size() throws IOException {
      return file.size() + 100;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  @Test
  void aFileThatBecomesShorterWhileItIsReadIsDamaged() {
    Disk shrinking =
        (Disk)
            Proxy.newProxyInstance(
                Disk.class.getClassLoader(),
                new Class<?>[] {Disk.class},
                (_, method, arguments) ->
                    method.getName().equals("openToRead")
                        ? new Shrinking(rig.disk.openToRead((Path) arguments[0]))
                        : method.invoke(rig.disk, arguments));
    AgentFiles files = new AgentFiles(shrinking, rig.folder);
    assertThatThrownBy(() -> files.document(Part.SESSION, "alice").check())
        .isInstanceOf(DamagedDocumentException.class)
        .hasMessage("agents/alice.json: it became shorter");
    assertThatThrownBy(() -> files.lines(Part.CONTEXT, "alice").read(_ -> {}))
        .isInstanceOf(DamagedDocumentException.class)
        .hasMessage("context/alice.jsonl: it became shorter");
  }

  @Test
  void aFileIsReadByteByByteToo() throws Exception {
    Files.writeString(file("some"), "ab\u00ff", ISO_8859_1);
    try (var in = new DocumentFile.Input(rig.disk.openToRead(file("some")))) {
      assertThat(in.read(new byte[0])).isZero();
      assertThat(in.read()).isEqualTo('a');
      assertThat(in.readNBytes(1)).containsExactly('b');
      assertThat(in.read()).isEqualTo(0xff);
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void ratesAtWhichNothingWouldEverBeWrittenAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new DocumentOptions(second.negated(), 1, 16, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DocumentOptions(second, 0, 16, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DocumentOptions(second, 1, 15, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("15 bytes a second");
  }
}
