package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.torpor.state.Deleted;
import dev.torpor.state.Entry;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Session;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.World;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImportTest {
  private final World world = new World();

  private Refusal refusal(Session session, List<ImportedEntry> entries, boolean replace) {
    return catchThrowableOfType(
        Refusal.class,
        () -> ImportRules.check(world.fold, session, entries, replace, true, world.limits));
  }

  private Session session(String id) {
    return world.agent(id).session();
  }

  @Test
  void aTaskOrMailThatIsAnotherAgentsIsRefused() {
    world.create("alice", "bob");
    Task task = world.submit("alice");
    Mail mail =
        world.ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"))).mail().getFirst();
    Task bobs =
        Task.pending(task.taskId(), "bob", TaskSpec.of("p"), task.submittedAt(), task.order());
    Mail bobsMail =
        new Mail(
            mail.messageId(),
            mail.threadId(),
            "alice",
            "bob",
            mail.subject(),
            mail.body(),
            mail.priority(),
            mail.status(),
            mail.replyTo(),
            mail.expectsReply(),
            mail.replyBy(),
            mail.sentAt(),
            mail.readAt(),
            mail.repliedAt(),
            mail.metadata());

    ImportedEntry its = new ImportedEntry(Keys.task("bob", task.taskId()), 1, bobs);
    assertThat(refusal(session("bob"), List.of(its), true).reason()).isEqualTo("task_exists");
    its = new ImportedEntry(Keys.mail("bob", mail.messageId()), 1, bobsMail);
    assertThat(refusal(session("bob"), List.of(its), true).reason()).isEqualTo("mail_exists");

    world.ask(new Request.DeleteAgent("alice")); // what lists still say of it is no task
    assertThatCode(() -> refusal(session("bob"), List.of(), true)).doesNotThrowAnyException();
    its = new ImportedEntry(Keys.task("bob", task.taskId()), 1, bobs);
    assertThat(refusal(session("bob"), List.of(its), true)).isNull();
  }

  @Test
  void thatAnAgentWasDeletedElsewhereIsNotSaidOfOneThatIsHere() {
    world.create("alice");
    Task task = world.submit("alice");
    Deleted once = new Deleted("alice", 1, world.now);
    ImportedEntry elsewhere = new ImportedEntry(Keys.deleted("alice"), 0, once);
    world.decide(
        draft -> {
          ImportRules.addToStore(draft, List.of(elsewhere));
          return true;
        });
    assertThat(world.table.get(Keys.deleted("alice"))).isNull();
    assertThat(world.ask(new Request.CancelTask(task.taskId(), null)).taskId())
        .isEqualTo(task.taskId());
  }

  @Test
  void anAgentWhoseTurnRunsIsNotReplaced() {
    world.create("alice");
    world.submit("alice");
    Session idle = session("alice");
    world.start("alice");
    assertThat(refusal(idle, List.of(), true).reason()).isEqualTo("agent_active");
  }

  @Test
  void theMailboxForPeopleIsReplacedUntoldOnlyWhereNothingEverCame() {
    Session empty = session(Session.USER);
    assertThat(refusal(empty, List.of(), false)).isNull();
    world.create("alice");
    world.ask(new Request.SendMail(MailDraft.of("alice", Session.USER, "s", "b")));
    assertThat(refusal(empty, List.of(), false).getMessage()).startsWith("mail to 'user' is here");
    assertThat(refusal(empty, List.of(), true)).isNull();
  }

  @Test
  void anAgentThatIsBeingImportedIsNotThereAndItsIdIsTaken() {
    world.create("alice");
    Task task = world.submit("alice");
    Entry entry = world.table.get(Keys.task("alice", task.taskId()));
    world.ask(new Request.DeleteAgent("alice"));
    world.decide(
        draft -> {
          ImportRules.begin(draft, "alice");
          ImportRules.add(
              draft,
              "alice",
              List.of(new ImportedEntry(entry.key(), entry.version(), entry.value())));
          return true;
        });
    assertThat(world.fold.agent("alice")).isNull();
    assertThat(world.refusal(World.creation("Alice")).reason()).isEqualTo("agent_exists");
    assertThat(world.refusal(new Request.CancelTask(task.taskId(), null)).kind())
        .isEqualTo(Refusal.Kind.NOT_FOUND);
    world.decide(
        draft -> {
          ImportRules.drop(draft, "alice");
          return true;
        });
    world.create("alice");
    assertThat(world.agent("alice").session().tasks().pending()).isZero();
  }
}
