package dev.torpor.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.TorporException;
import dev.torpor.disk.FaultyDisk;
import dev.torpor.rules.Request;
import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.Keys;
import dev.torpor.state.Sleep;
import dev.torpor.state.Task;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.RepairReport;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of which nothing is left but its documents is made of these, when somebody says so. */
class RebirthTest {
  @TempDir private Path path;
  private DocumentedStore documented;
  private StateFolder folder;
  private TreeMap<String, Object> shown;

  @BeforeEach
  void makeStore() throws IOException {
    documented = new DocumentedStore(path.resolve("state")).fill();
    folder = documented.folder;
    shown = DocumentedStore.read(folder);
  }

  private void loseAll() throws IOException {
    for (String name : List.of("packs", "mirror", "journal")) {
      try (var files = Files.list(folder.path().resolve(name))) {
        for (Path file : files.toList()) {
          Files.write(file, new byte[100]);
        }
      }
    }
    Files.write(folder.main(), new byte[10]);
    Files.delete(folder.backup());
  }

  private RepairReport rebuild(StateFolder of) {
    return Torpor.at(of.path())
        .clock(DocumentedStore.CLOCK)
        .repairFromDocuments(CheckProgress.NONE);
  }

  /** But for what counts commits, which are other ones now, and versions. */
  private static Map<String, Object> comparable(Map<String, Object> values) {
    Map<String, Object> comparable = new TreeMap<>();
    values.forEach(
        (key, value) -> {
          Object same =
              switch (value) {
                case dev.torpor.state.Session session ->
                    List.of(session.agentName(), session.status(), session.createdAt());
                case Sleep sleep -> List.of(sleep.sleepStart(), sleep.wakeEvents());
                case Task task -> List.of(task.prompt(), task.status(), task.steps());
                default -> value;
              };
          comparable.put(key, same);
        });
    return comparable;
  }

  private Map<String, Object> entries(StateFolder of) {
    Map<String, Object> values = new TreeMap<>();
    try (FileStore store = DocumentedStore.open(of)) {
      for (Entry entry : StateFolder.entries(store)) {
        if (shown.containsKey(entry.key())) {
          values.put(entry.key(), entry.value());
        }
      }
    }
    return values;
  }

  @Test
  void allAgentsComeBackAndWhatBelongsToNoneOfThem() throws IOException {
    loseAll();
    RepairReport report = rebuild(folder);
    assertThat(report.restored()).containsExactlyInAnyOrder("alice", "carl", "user");
    assertThat(report.after().isClean()).as("%s", report.after().damaged()).isTrue();
    assertThat(report.isWhole()).as("nobody knows what documents had not yet").isFalse();
    assertThat(comparable(entries(folder))).isEqualTo(comparable(shown));
    try (FileStore store = DocumentedStore.open(folder)) {
      Entry bob = LoadingSource.of(store).get(Keys.deleted("bob"));
      assertThat(((Deleted) bob.value()).version()).isPositive();
      assertThat(LoadingSource.of(store).scan("~key/event.broadcast/").hasNext()).isTrue();
      assertThat(LoadingSource.of(store).get(Keys.event("go"))).isNotNull();
      assertThat(LoadingSource.of(store).get(Keys.LAST_EVENT)).isNotNull();
    }
    for (String name : List.of("packs", "mirror", "journal")) {
      assertThat(folder.path().resolve("quarantine").resolve(name)).isNotEmptyDirectory();
    }
    try (Torpor torpor = Torpor.at(folder.path()).open()) {
      long before = documented.world.agent("alice").version();
      assertThat(torpor.restore("alice").session().version()).isGreaterThan(before);
      torpor.agent("bob", AgentSpec.of("echo"));
      assertThat(torpor.restore("bob").session().version()).as("of another life").isGreaterThan(1);
    }
    assertThat(DocumentedStore.verify(folder).damaged()).isEmpty();
  }

  @Test
  void documentsAloneSuffice() throws IOException {
    for (String name : List.of("packs", "mirror", "journal")) {
      try (var files = Files.list(folder.path().resolve(name))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
    Files.delete(folder.main());
    Files.delete(folder.backup());
    assertThat(rebuild(folder).restored()).hasSize(3);
    assertThat(comparable(entries(folder))).isEqualTo(comparable(shown));
  }

  @Test
  void aVerificationSaysWhatWouldComeBackAndChangesNothing() throws IOException {
    loseAll();
    Map<String, String> bytes = folder.bytes();
    CheckReport report = DocumentedStore.verify(folder);
    assertThat(report.damaged()).hasSize(1);
    assertThat(report.saved())
        .filteredOn(SavedAgent::serves)
        .extracting(SavedAgent::agent)
        .contains("alice", "carl");
    assertThat(report.notes()).anyMatch(note -> note.contains("--from-documents"));
    assertThat(folder.bytes()).isEqualTo(bytes);
    StateFolder.refused(StoreException.Reason.DAMAGED, () -> DocumentedStore.repair(folder));
    assertThat(folder.bytes()).isEqualTo(bytes);
  }

  @Test
  void whoWasDeletedDoesNotComeBack() throws IOException {
    Path own = folder.path().resolve("agents/carl.json");
    byte[] carl = Files.readAllBytes(own);
    try (FileStore store = DocumentedStore.open(folder)) {
      documented.world.ask(new Request.DeleteAgent("carl"));
      documented.commit(store);
      store.begin();
      store.checkpoint();
    }
    Files.write(own, carl); // as when that it was removed was not on the disk yet
    loseAll();
    assertThat(rebuild(folder).restored()).containsExactlyInAnyOrder("alice", "user");
  }

  @Test
  void oneWhoseDocumentsAreNotWholeStaysDamagedAndIsNamed() throws IOException {
    Files.delete(folder.path().resolve("context/carl.jsonl"));
    loseAll();
    RepairReport report = rebuild(folder);
    assertThat(report.restored()).containsExactlyInAnyOrder("alice", "user");
    assertThat(report.after().saved())
        .singleElement()
        .satisfies(saved -> assertThat(saved.refusal()).contains("it is missing"));
  }

  @Test
  void aStoreThatCanBeOpenedIsNotMadeAnew() throws IOException {
    assertThat(rebuild(folder).restored()).isEmpty();
    assertThat(rebuild(folder).isWhole()).isTrue();
    Files.delete(folder.main());
    Files.write(folder.backup(), new byte[10]);
    assertThat(rebuild(folder).restored()).as("packs are there").isEmpty();
    assertThat(entries(folder).keySet()).isEqualTo(shown.keySet());
  }

  @Test
  void ofThingsOfSeveralStoresNothingIsMade() throws IOException {
    StateFolder other = new StateFolder(path.resolve("other"));
    try (FileStore another = DocumentedStore.open(other)) {
      StateFolder.commit(another, StateFolder.created("zoe"));
      another.checkpoint();
    }
    Files.copy(
        other.path().resolve("packs/0000000001.jsonl"),
        folder.path().resolve("packs/0000000099.jsonl"));
    Files.delete(folder.main());
    Files.delete(folder.backup());
    Map<String, String> bytes = folder.bytes();
    assertThat(DocumentedStore.verify(folder).damaged()).hasSize(1);
    assertThat(catchThrowableOfType(TorporException.class, () -> rebuild(folder)))
        .hasMessageContaining("several stores");
    assertThat(folder.bytes()).isEqualTo(bytes);
  }

  @Test
  void whereThereIsNothingNothingIsMade() {
    TorporException refusal =
        catchThrowableOfType(
            TorporException.class, () -> rebuild(new StateFolder(path.resolve("nowhere"))));
    assertThat(refusal).isNotNull();
    assertThat(path.resolve("nowhere")).doesNotExist();
  }

  @Test
  void aCrashInBetweenLosesNothing() throws IOException {
    loseAll();
    Files.delete(folder.main());
    int crashes = 0;
    boolean done = false;
    for (int step = 0; !done; step += 3) {
      StateFolder copy = folder.copy(path.resolve("copy" + step));
      AtomicInteger left = new AtomicInteger(step);
      FaultyDisk crashing =
          new FaultyDisk(
              (operation, file) -> {
                if (left.getAndDecrement() <= 0) {
                  throw new IOException("the machine is off");
                }
              });
      try {
        FileStore.repairFromDocuments(
            crashing,
            copy.path(),
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            CheckProgress.NONE);
        done = left.get() > 0;
      } catch (StoreException e) {
        crashes++;
      }
      try (FileStore store = DocumentedStore.open(copy)) { // which must not take it for a new one
        assertThat(LoadingSource.of(store).get(Keys.session("alice"))).as("%d", step).isNotNull();
      } catch (StoreException e) {
        assertThat(e.reason()).isEqualTo(StoreException.Reason.DAMAGED);
      }
      assertThat(rebuild(copy).restored()).as("step %d", step).hasSize(3);
      assertThat(comparable(entries(copy))).isEqualTo(comparable(shown));
    }
    assertThat(crashes).isGreaterThan(10);
  }
}
