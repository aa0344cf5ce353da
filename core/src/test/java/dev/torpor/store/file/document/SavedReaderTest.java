package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Request;
import dev.torpor.state.Change;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.Loss;
import dev.torpor.state.Message;
import dev.torpor.store.SavedAgent;
import dev.torpor.store.StateValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What documents say of a damaged agent, and when they are not believed. */
class SavedReaderTest {
  private static final String OTHER_LIFE = "they are those of another life";

  @TempDir private Path path;
  private DocumentsRig rig;

  @BeforeEach
  void makeAlice() throws IOException {
    rig = new DocumentsRig(path.resolve("state"));
    rig.world.create("alice");
    rig.world.ask(new Request.AppendMessage("alice", Message.user("hello")));
    rig.complete();
  }

  private Path own() {
    return rig.folder.resolve("agents/alice.json");
  }

  private long version() {
    return rig.world.agent("alice").version();
  }

  private void damage(long version) {
    rig.world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("alice", version, 1, null, "a test did it"));
          return true;
        });
  }

  private SavedAgent read(String agent) throws IOException {
    return new SavedReader(rig.disk, rig.folder, rig.serializer, rig.validator).read(agent, rig);
  }

  @Test
  void whatIsWholeAndAsNewAsAnythingServes() throws Exception {
    long version = version();
    rig.world.pass(Duration.ofHours(1));
    damage(version + 1);
    SavedAgent saved = read("alice");
    assertThat(saved.refusal()).isNull();
    assertThat(saved.version()).isEqualTo(version);
    assertThat(saved.entries())
        .extracting(entry -> entry.key())
        .containsExactly(Keys.message("alice", 0));
  }

  @Test
  void whoIsNotDamagedIsNotBroughtBack() throws Exception {
    assertThat(read("nobody").refusal()).isEqualTo("it is not damaged");
    assertThat(read("alice").refusal()).isEqualTo("it is not damaged");
    Loss loss = new Loss(1, null, rig.world.now, "of an earlier life");
    rig.world.table.apply(
        List.of(new EntryWrite.Put(Keys.loss("alice"), 1, loss)), rig.world.seq());
    assertThat(read("alice").refusal()).isEqualTo("it is not damaged");
  }

  @Test
  void documentsThatAreGoneOrDamagedOrTooOldDoNotServe() throws Exception {
    long version = version();
    damage(version + 4);
    assertThat(read("alice").refusal())
        .isEqualTo("they show version %d, and it was at %d at least", version, version + 3);
    Forged.document(own(), text -> text.replace("\"documents\"", "\"papers\""));
    assertThat(read("alice").refusal()).endsWith("it names no documents");
    Files.delete(own());
    assertThat(read("alice").refusal()).isEqualTo("it has no documents");
  }

  @Test
  void whatTheValidatorFindsBrokenDoesNotServe() throws Exception {
    damage(version() + 1);
    rig.validator = agent -> List.of("one thing", "another");
    assertThat(read("alice").refusal()).isEqualTo("one thing; another");
    rig.validator = StateValidator.INVARIANTS;
    assertThat(read("alice").refusal()).isNull();
  }

  @Test
  void documentsThatShowAnotherLifeDoNotServe() throws Exception {
    String good = Files.readString(own());
    rig.world.pass(Duration.ofHours(1));
    damage(version() + 1);
    Forged.document(own(), text -> text.replace("\"2026-01-01T00:00", "\"2025-01-01T00:00"));
    assertThat(read("alice").refusal()).isEqualTo(OTHER_LIFE);
    Files.writeString(own(), good);
    Forged.document(own(), text -> text.replaceFirst("\"_version\": ", "\"_version\": 9"));
    assertThat(read("alice").refusal()).isEqualTo(OTHER_LIFE);
    Files.writeString(own(), good);
    Forged.document(own(), text -> text.replace("\"status\": \"idle\"", "\"status\": \"damaged\""));
    assertThat(read("alice").refusal()).isEqualTo(OTHER_LIFE);
    Files.writeString(own(), good);
    assertThat(read("alice").serves()).isTrue();
  }
}
