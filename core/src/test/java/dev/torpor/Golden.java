package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.disk.Disk;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.journal.JournalOptions;
import dev.torpor.store.transfer.ExportFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Makes a golden folder: a state folder as this Torpor writes it, packs and a journal's tail, as a
 * kill leaves it; and beside it an export of what is in it. {@code golden/README.md} says when and
 * how.
 */
final class Golden {
  /** The terms of a request that every filled store remembers. */
  static final Terms KEYED = new Terms("once/ü", null);

  private Golden() {}

  /** Argument: a folder that is not there yet. */
  public static void main(String[] args) throws IOException {
    Path golden = Files.createDirectory(Path.of(args[0]));
    Path state = Files.createTempDirectory("golden").resolve("state");
    FileStore store =
        FileStore.open(
            Disk.real(),
            state,
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            new JournalOptions(64 << 10, 16 << 10, 1, Duration.ofMillis(50)),
            PackOptions.every(Duration.ofHours(1)));
    try (Torpor torpor = Torpor.with(store).behavior("echo", Folders::echo).open()) {
      fill(torpor);
      torpor.checkpoint();
      torpor.agent("Bob.2").append(Message.user("in the journal alone"));
      torpor.agent("alice").forget("a/b c");
      torpor.agent("alice-2").delete();
      ExportFiles.write(
          golden.resolve("export.jsonl"), false, out -> torpor.exportTo(out, null, _ -> {}));
      Path _ = Folders.copy(state, golden.resolve("state"));
    }
  }

  /** Everything that there can be of an agent. */
  static void fill(Torpor torpor) {
    Agent alice =
        torpor.agent("alice", AgentSpec.of("echo").configuration(Map.of("t", 0.5, "n", 1)));
    Agent bob = torpor.agent("Bob.2", AgentSpec.of("none").metadata(Map.of("a", List.of(1))));
    torpor.agent("alice-2", AgentSpec.of("none"));
    Task done =
        torpor.perform(new Request.SubmitTask("alice", TaskSpec.of("done").payload("p")), KEYED);
    assertThat(Folders.await(torpor, done).status()).isEqualTo(TaskStatus.COMPLETED);
    bob.submit("waits for its behavior");
    bob.submit(TaskSpec.of("due in a while").notBefore(Instant.parse("2100-01-01T00:00:00Z")));
    var _ =
        torpor.perform(new Request.CancelTask(bob.submit("cancelled").taskId(), "no"), Terms.NONE);
    alice.append(Message.user("höi 😀\n\u2028"));
    alice.append(Message.of(dev.torpor.state.Role.ASSISTANT, List.of(Map.of("x", 1.50))));
    alice.remember("a/b c", Map.of("deep", List.of()));
    alice.remember("gone", 1);
    alice.forget("gone");
    Mail asked =
        torpor
            .perform(
                new Request.SendMail(
                    MailDraft.of("alice", "Bob.2", "s", "b").expectsReply(true, null)),
                Terms.NONE)
            .mail()
            .getFirst();
    alice.mail("user", "for people", "b");
    alice.mail("nobody", "undeliverable", "b");
    var _ =
        torpor.perform(
            new Request.AcknowledgeMail("Bob.2", List.of(asked.messageId())), Terms.NONE);
    torpor.agent("gone", AgentSpec.of("none")).append(Message.user("deleted with it"));
    torpor.agent("gone").delete();
    var _ = torpor.broadcast("go/now", Map.of("d", 1), Terms.NONE);
    var _ =
        torpor.perform(
            new Request.PutToSleep(
                "alice", new SleepDraft(Duration.ofDays(1), null, List.of("go/now"), "r", true)),
            Terms.NONE);
  }
}
