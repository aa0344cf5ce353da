package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.store.CheckProgress;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a deleted agent had is in no byte of the folder any more, once it is erased. */
class ErasureTest extends ErasureRig {
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
}
