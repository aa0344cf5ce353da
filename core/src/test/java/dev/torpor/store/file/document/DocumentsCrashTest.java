package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.store.file.document.Comparison.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine goes off, or the disk fails, at each operation of a projection in turn. */
class DocumentsCrashTest {
  private static final List<String> AGENTS = List.of("alice", "bob", "carl", "user");

  @TempDir private Path path;

  /** A store with documents that changed in every way since they were projected. */
  private DocumentsRig changed(int step) throws IOException {
    DocumentsRig rig = new DocumentsRig(path.resolve("state" + step));
    rig.world.create("alice", "bob");
    someOfAll(rig, "alice");
    someOfAll(rig, "bob");
    rig.complete();
    someOfAll(rig, "alice");
    rig.world.ask(new Request.WakeAgent("alice", null));
    rig.world.ask(new Request.DeleteAgent("bob"));
    rig.world.create("carl");
    someOfAll(rig, "carl");
    rig.tell();
    return rig;
  }

  private static void someOfAll(DocumentsRig rig, String agent) {
    rig.world.ask(new Request.WakeAgent(agent, null));
    rig.world.ask(new Request.AppendMessage(agent, Message.user("hello")));
    rig.world.submit(agent);
    Task turn = rig.world.start(agent);
    rig.world.step(turn, "s", 1);
    rig.world.finish(turn);
    rig.world.ask(new Request.SendMail(MailDraft.of(agent, "user", "s", "b")));
    rig.world.ask(new Request.SendMail(MailDraft.of("user", agent, "s", "b")));
    rig.world.broadcast("go", rig.world.seq());
    rig.world.ask(
        new Request.PutToSleep(
            agent, new SleepDraft(Duration.ofHours(1), null, List.of(), null, false)));
  }

  /** Lets the disk do so many operations and then none; false when that was enough. */
  private static boolean crashes(DocumentsRig rig, int operations) {
    AtomicInteger left = new AtomicInteger(operations);
    rig.disk.setFault(
        (operation, file) -> {
          if (left.getAndDecrement() <= 0) {
            throw new IOException("the machine is off");
          }
        });
    try {
      rig.documents.complete();
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      rig.disk.setFault(DocumentsRig.NO_FAULT);
    }
  }

  @Test
  void aCrashAnywhereLeavesWholeDocumentsAndTheNextStartProjectsTheRest() throws Exception {
    int step = 0;
    for (boolean crashed = true; crashed; step++) {
      DocumentsRig rig = changed(step);
      crashed = crashes(rig, step);
      checkWhole(rig, step);
      rig.restart();
      rig.complete();
      checkEqual(rig, step);
    }
    assertThat(step).as("steps that were tried").isGreaterThan(30);
  }

  @Test
  void aDiskThatFailsAnywhereAndWorksAgainLosesNothing() throws Exception {
    int step = 0;
    for (boolean failed = true; failed; step++) {
      DocumentsRig rig = changed(step);
      failed = crashes(rig, step);
      someOfAll(rig, "alice");
      rig.complete();
      checkEqual(rig, step);
    }
  }

  @Test
  void aDocumentTooLongForMemoryIsWholeOrNotThereToo() throws Exception {
    int step = 0;
    for (boolean crashed = true; crashed; step++) {
      DocumentsRig rig = new DocumentsRig(path.resolve("state" + step));
      rig.world.create("alice");
      rig.complete();
      rig.world.ask(new Request.PutMemory("alice", "long", "x".repeat(900_000)));
      rig.world.ask(new Request.PutMemory("alice", "longer", "y".repeat(900_000)));
      rig.tell();
      crashed = crashes(rig, step);
      checkWhole(rig, step);
      rig.restart();
      rig.complete();
      assertThat(rig.readBack("alice")).as("step %d", step).isEqualTo(rig.values("alice"));
      assertThat(rig.files().keySet()).noneMatch(file -> file.endsWith(".tmp"));
    }
    assertThat(step).isGreaterThan(8);
  }

  /** No reader ever finds half of anything. */
  private static void checkWhole(DocumentsRig rig, int step) throws IOException {
    AgentFiles files = new AgentFiles(Disk.real(), rig.folder);
    for (String agent : AGENTS) {
      if (!files.document(Part.SESSION, agent).exists()) {
        continue;
      }
      for (Map.Entry<Part, Written> part : files.set(agent).parts().entrySet()) {
        if (part.getValue() instanceof Written.Lines lines) {
          files.check(part.getKey(), agent, lines);
        } else if (files.document(part.getKey(), agent).exists()) {
          assertThat(files.document(part.getKey(), agent).check()).as("step %d", step).isNotEmpty();
        }
      }
    }
  }

  private static void checkEqual(DocumentsRig rig, int step) throws IOException {
    for (String agent : AGENTS) {
      assertThat(rig.documents.compare(agent))
          .as("%s, step %d", agent, step)
          .isEqualTo(new Comparison(Result.EQUAL, List.of()));
      if (!agent.equals("bob")) {
        assertThat(rig.readBack(agent)).as("step %d", step).isEqualTo(rig.values(agent));
      }
    }
    assertThat(rig.files().keySet()).noneMatch(file -> file.endsWith(".tmp"));
    assertThat(rig.files().keySet()).noneMatch(file -> file.contains("bob"));
    assertThat(rig.text("system/documents.json")).contains("\"_seq\": " + rig.world.seq());
    assertThat(rig.text("system/events.jsonl")).contains("~event/go");
    assertThat(Files.exists(rig.folder.resolve("sleep/carl_sleep.json"))).isTrue();
  }
}
