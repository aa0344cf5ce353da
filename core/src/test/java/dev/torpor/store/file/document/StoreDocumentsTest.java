package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.EventRules;
import dev.torpor.rules.Request;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Entry;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.Remembered;
import dev.torpor.store.JsonStateSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The store's own documents, held against its entries. */
class StoreDocumentsTest {
  private static final String SESSIONS = "system/active_sessions.json";
  private static final String DELETED = "system/deleted.json";
  private static final String EVENTS = "system/events.jsonl";
  private static final String REQUESTS = "system/requests.jsonl";
  private static final String MISSING = ": it is missing";
  private static final String OTHER = ": it does not show what is so";
  private static final String LINES = ": it has other lines than it had";
  private static final String STALE = ": it shows what was so before";

  @TempDir private Path path;
  private DocumentsRig rig;

  @BeforeEach
  void makeStore() throws IOException {
    rig = new DocumentsRig(path.resolve("state"));
    rig.world.create("alice", "bob");
    rig.world.ask(new Request.DeleteAgent("bob"));
    rig.world.broadcast("go", 1);
    rig.world.broadcast("stay", 1);
    rig.world.record("half", 1);
    remember("a");
    remember("b");
    rig.complete();
  }

  private void remember(String key) {
    var request = new Broadcast.Request("event.broadcast", "", key, "digest");
    long seq = rig.world.decide(draft -> EventRules.record(draft, "asked", null, request));
    rig.world.<Broadcast>decide(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson));
  }

  private Path file(String name) {
    return rig.folder.resolve(name);
  }

  private Progress progress() throws IOException {
    return Progress.checked(rig.disk, rig.folder, DocumentsRig.STORE);
  }

  private List<String> found() throws IOException {
    return found(DocumentsRig.STORE, progress());
  }

  private List<String> found(Progress progress) throws IOException {
    return found(DocumentsRig.STORE, progress);
  }

  private List<String> found(String store, Progress progress) throws IOException {
    AgentFiles files = new AgentFiles(rig.disk, rig.folder);
    return new StoreComparing(files, store, new Pieces(rig.serializer), rig, progress)
        .run().stream()
            .flatMap(
                comparison ->
                    comparison.faults().stream().map(fault -> comparison.result() + " " + fault))
            .toList();
  }

  /** Changes an entry beneath the documents, as no commit does. */
  private void swap(String key, Object value) {
    Entry entry = Objects.requireNonNull(rig.world.table.get(key));
    rig.world.table.apply(List.of(new EntryWrite.Put(key, entry.version(), value)), entry.seq());
  }

  private void drop(String key) {
    rig.world.table.apply(List.of(new EntryWrite.Remove(key)), rig.world.seq());
  }

  @Test
  void whatWasProjectedIsEqual() throws Exception {
    assertThat(found()).isEmpty();
    rig.world.create("carl");
    rig.world.ask(new Request.DeleteAgent("carl"));
    assertThat(found()).containsExactly("STALE " + DELETED + STALE);
  }

  @Test
  void documentsOfAnotherStoreAreNotThisOnes() throws Exception {
    String what = ": it is another store's";
    assertThat(found("other", progress()))
        .containsExactly(
            "DAMAGED " + SESSIONS + what,
            "DAMAGED " + DELETED + what,
            "DAMAGED " + EVENTS + what,
            "DAMAGED " + REQUESTS + what);
  }

  @Test
  void whoIsThereIsStaleWhenItChangedSinceAndDamagedWhenItDidNot() throws Exception {
    Forged.document(file(SESSIONS), text -> text.replace("\"idle\"", "\"failed\""));
    assertThat(found()).containsExactly("DAMAGED " + SESSIONS + OTHER);
    rig.world.ask(new Request.StopAgent("alice"));
    assertThat(found()).containsExactly("STALE " + SESSIONS + STALE);
  }

  @Test
  void whereNobodyIsLeftNoDocumentOfThemIsMissing() throws Exception {
    Files.delete(file(SESSIONS));
    assertThat(found()).containsExactly("DAMAGED " + SESSIONS + MISSING);
    assertThat(found(progress().withSessions(""))).as("never written").isEmpty();
    rig.world.ask(new Request.DeleteAgent("alice"));
    assertThat(found()).containsExactly("STALE " + DELETED + STALE);
  }

  @Test
  void anIdOfWhichNoSessionIsLeftIsShownAsNobody() throws Exception {
    drop(Keys.session("alice"));
    assertThat(found()).containsExactly("DAMAGED " + SESSIONS + OTHER);
    rig.complete();
    assertThat(found()).isEmpty();
    assertThat(rig.text(SESSIONS)).doesNotContain("alice");
  }

  @Test
  void eventsThatAreNotThereAreMissingHoweverLateTheNextOneCame() throws Exception {
    Files.delete(file(EVENTS));
    assertThat(found()).containsExactly("DAMAGED " + EVENTS + MISSING);
    rig.world.broadcast("go", 2);
    assertThat(found()).containsExactly("DAMAGED " + EVENTS + MISSING);
    assertThat(found(progress().withEvents(null, 0))).as("never written").isEmpty();
  }

  @Test
  void eventsHaveTheLinesThatTheyHad() throws Exception {
    assertThat(found(progress().withEvents(null, 0))).containsExactly("DAMAGED " + EVENTS + LINES);
    Written.Lines written = Objects.requireNonNull(progress().events());
    Progress more =
        progress().withEvents(new Written.Lines(0, written.bytes(), written.lines() + 1), 0);
    assertThat(found(more)).containsExactly("DAMAGED " + EVENTS + LINES);
    String text = rig.text(EVENTS);
    int last = text.lastIndexOf('\n', text.length() - 2) + 1;
    Files.writeString(file(EVENTS), text.substring(0, last));
    assertThat(found()).containsExactly("DAMAGED " + EVENTS + LINES);
  }

  @Test
  void anEventOtherThanItWasIsDamagedAndOneThatCameAgainIsStale() throws Exception {
    rig.world.broadcast("go", 2);
    assertThat(found()).containsExactly("STALE " + EVENTS + STALE);
    Forged.line(file(EVENTS), 3, text -> text.replace("\"data\":1", "\"data\":7"));
    assertThat(found()).containsExactly("DAMAGED " + EVENTS + OTHER);
  }

  @Test
  void anEventThatNeverWasIsDamagedOnlyWhereNothingElseIsToCome() throws Exception {
    Entry event = Objects.requireNonNull(rig.world.table.get(Keys.event("go")));
    byte[] line =
        LinesFile.line("~event/other", event, new Pieces(rig.serializer).encoded(event.value()));
    Files.write(file(EVENTS), line, StandardOpenOption.APPEND);
    Written.Lines written = Objects.requireNonNull(progress().events());
    Progress longer =
        progress()
            .withEvents(
                new Written.Lines(0, written.bytes() + line.length, written.lines() + 1), 0);
    assertThat(found()).as("behind what was written").isEmpty();
    assertThat(found(longer)).containsExactly("DAMAGED " + EVENTS + ": it shows what is not");
    assertThat(found(longer.at(longer.seq() - 1))).containsExactly("STALE " + EVENTS + STALE);
  }

  @Test
  void requestsAreMissingOnlyWhereSomeHadToBeThere() throws Exception {
    Files.delete(file(REQUESTS));
    assertThat(found()).containsExactly("DAMAGED " + REQUESTS + MISSING);
    Progress.Requests written = Objects.requireNonNull(progress().requests());
    assertThat(found(progress().withRequests(new Progress.Requests(0, written.lines())))).isEmpty();
    assertThat(found(progress().withRequests(null))).isEmpty();
  }

  @Test
  void requestsThatCameBehindWhatIsSaidOfThemAreStale() throws Exception {
    Progress before = progress();
    remember("c");
    assertThat(found()).contains("STALE " + REQUESTS + STALE);
    rig.complete();
    assertThat(found()).isEmpty();
    assertThat(found(progress().withRequests(before.requests())))
        .containsExactly("STALE " + REQUESTS + STALE);
    assertThat(found(progress().withRequests(null))).containsExactly("STALE " + REQUESTS + STALE);
  }

  @ParameterizedTest
  @CsvSource({"a", "b"})
  void aRequestThatIsForgottenIsStaleWhereverItStands(String key) throws Exception {
    drop(Keys.remembered("event.broadcast", "", key));
    assertThat(found()).containsExactly("STALE " + REQUESTS + STALE);
  }

  @Test
  void aRequestThatWasAnsweredOtherwiseIsDamagedUnlessItsAnswerWasErased() throws Exception {
    String key = Keys.remembered("event.broadcast", "", "a");
    swap(key, new Remembered("digest", null, rig.world.now));
    assertThat(found()).containsExactly("STALE " + REQUESTS + STALE);
    swap(key, new Remembered("digest", "another", rig.world.now));
    assertThat(found()).containsExactly("DAMAGED " + REQUESTS + OTHER);
  }

  @Test
  void whatWasTakenAwayOrCutOffIsMadeAnewWithTheNextChange() throws Exception {
    List<String> sessions = rig.text(SESSIONS).lines().skip(3).toList();
    Files.delete(file(SESSIONS));
    Files.delete(file(EVENTS));
    rig.world.broadcast("go", 2);
    rig.complete();
    assertThat(found()).isEmpty();
    assertThat(rig.text(SESSIONS).lines().skip(3).toList()).isEqualTo(sessions);
    String events = rig.text(EVENTS);
    Files.writeString(file(EVENTS), events + "{\"crc\":\"00");
    rig.world.broadcast("go", 3);
    rig.complete();
    assertThat(found()).isEmpty();
    assertThat(rig.text(EVENTS)).hasLineCount((int) events.lines().count());
  }
}
