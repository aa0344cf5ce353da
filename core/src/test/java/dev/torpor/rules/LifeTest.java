package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Message;
import dev.torpor.state.Priority;
import dev.torpor.state.Remembered;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions and keys, tasks, recovery, clean-up, deletion. */
class LifeTest {
  private static final String A = "alice";

  private final World world = new World();

  @BeforeEach
  void create() {
    world.create(A);
  }

  @Test
  void anExpectedVersionMustBeTheAgents() {
    long version = world.agent(A).version();
    Request<?> put = new Request.PutMemory(A, "k", 1);
    Refusal refusal = world.refusal(put, new Terms(null, version + 1));
    assertThat(refusal.reason()).isEqualTo("version_conflict");
    world.ask(put, new Terms(null, version));
    assertThat(world.refusal(put, new Terms(null, version)).kind())
        .isEqualTo(Refusal.Kind.CONFLICT);
  }

  @Test
  void theExpectedVersionOfAnAgentThatNeverWasIsZero() {
    assertThat(world.refusal(World.creation("bob"), new Terms(null, 1L)).reason())
        .isEqualTo("version_conflict");
    world.ask(World.creation("bob"), new Terms(null, 0L));
  }

  @Test
  void anAgentThatIsNotThereIsNotFoundWhateverVersionIsExpectedOfIt() {
    Request<?> put = new Request.PutMemory("bob", "k", 1);
    assertThat(world.refusal(put, new Terms(null, 1L)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
    assertThat(world.refusal(put, new Terms(null, 0L)).kind()).isEqualTo(Refusal.Kind.NOT_FOUND);
  }

  private Remembered remembered(String key, String digest) {
    Remembered[] found = new Remembered[1];
    world.decide(
        draft -> {
          found[0] = Rules.remembered(draft, "m", A, key, digest, Duration.ofHours(24));
          return true;
        });
    return found[0];
  }

  @Test
  void aKeyIsRememberedForItsTimeAndForItsParametersOnly() {
    world.decide(
        draft -> {
          draft.emit(
              new dev.torpor.state.Change.RequestRemembered("m", A, "a/b", "d", Map.of("x", 1)));
          return true;
        });
    assertThat(remembered("a/b", "d").answer()).isEqualTo(Map.of("x", 1));
    assertThat(remembered("other", "d")).isNull();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> remembered("a/b", "e"))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason()).isEqualTo("idempotency_key_reused"));
    world.pass(Duration.ofHours(24));
    assertThat(remembered("a/b", "d")).isNotNull();
    world.pass(Duration.ofMillis(1));
    assertThat(remembered("a/b", "d")).isNull();
    assertThat(remembered("a/b", "e")).isNull();
  }

  @Test
  void aKeyHasALength() {
    for (String key : List.of("", "k".repeat(257))) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> remembered(key, "d"))
          .isInstanceOf(Refusal.class);
    }
  }

  @Test
  void theMostUrgentTaskRunsFirstAndOfEqualOnesTheOldest() {
    TaskSpec spec = TaskSpec.of("p");
    for (Priority priority :
        List.of(Priority.LOW, Priority.NORMAL, Priority.URGENT, Priority.HIGH, Priority.URGENT)) {
      world.ask(new Request.SubmitTask(A, spec.type(priority + "").priority(priority)));
    }
    List<Long> orders = new java.util.ArrayList<>();
    List<Priority> order = new java.util.ArrayList<>();
    for (Task turn = world.start(A); turn != null; turn = world.start(A)) {
      order.add(turn.priority());
      orders.add(turn.order());
      world.finish(turn);
    }
    assertThat(order)
        .containsExactly(
            Priority.URGENT, Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW);
    assertThat(orders.get(0)).isLessThan(orders.get(1));
  }

  @Test
  void aTaskWaitsForItsTime() {
    Task task =
        world.ask(new Request.SubmitTask(A, TaskSpec.of("p").notBefore(world.now.plusSeconds(60))));
    assertThat(world.start(A)).isNull();
    String due = world.table.scan(Keys.DUE).next().key();
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isFalse();
    world.pass(Duration.ofSeconds(60));
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isTrue();
    assertThat(world.start(A).taskId()).isEqualTo(task.taskId());
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isFalse();
    Task past =
        world.ask(new Request.SubmitTask(A, TaskSpec.of("p").notBefore(world.now.minusSeconds(1))));
    assertThat(past.notBefore()).isNull();
  }

  @Test
  void aRunThatFailsIsRepeatedAsOftenAsTheTaskAllows() {
    world.ask(new Request.SubmitTask(A, TaskSpec.of("p").maxAttempts(2)));
    Task first = world.start(A);
    world.step(first, "one", 1);
    world.end(first, null, new TurnRules.Outcome.Failed("e".repeat(5000)));
    Task second = world.start(A);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.error()).hasSizeLessThan(4100);
    assertThat(second.startedAt()).isEqualTo(first.startedAt());
    assertThat(world.agent(A).steps(second.taskId())).hasSize(1);
    world.end(second, null, new TurnRules.Outcome.Failed("again"));
    Task failed = world.task(second);
    assertThat(failed.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(failed.error()).isEqualTo("again");
    assertThat(world.agent(A).session().errorCount()).isEqualTo(2);
  }

  @Test
  void aFinishedTaskIsNotCancelled() {
    Task task = world.submit(A);
    Task cancelled = world.ask(new Request.CancelTask(task.taskId(), "why"));
    assertThat(cancelled.status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(cancelled.error()).isEqualTo("why");
    assertThat(world.refusal(new Request.CancelTask(task.taskId(), null)).reason())
        .isEqualTo("task_finished");
  }

  private void recover() {
    assertThat(Rules.interrupted(world.table)).containsExactly(A);
    world.decide(
        draft -> {
          Rules.recover(draft, A);
          return true;
        });
  }

  @Test
  void aTaskThatACrashCutOffGoesOnWithItsStepsKept() {
    world.submit(A);
    Task turn = world.start(A);
    world.step(turn, "one", 1);
    recover();
    Task task = world.task(turn);
    assertThat(task.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(task.recoveries()).isEqualTo(1);
    assertThat(task.attempt()).isEqualTo(1);
    assertThat(world.agent(A).steps(task.taskId())).extracting("name").containsExactly("one");
    assertThat(world.start(A).taskId()).isEqualTo(task.taskId());
    assertThat(world.step(turn, "late", 1)).isFalse();
  }

  @Test
  void aTaskThatCrashesTooOftenHasFailed() {
    world.limits = new Limits(128, 1000, 256, 1000, 128, 10, 10, 1000, 2);
    world.submit(A);
    for (int i = 0; i < 2; i++) {
      world.start(A);
      recover();
    }
    Task turn = world.start(A);
    recover();
    Task task = world.task(turn);
    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.error()).contains("max_recoveries");
    assertThat(task.recoveries()).isEqualTo(3);
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void aStopOrASleepThatWasAskedForComesAfterTheRecovery() {
    world.submit(A);
    world.start(A);
    world.ask(new Request.PutToSleep(A, World.until("go")));
    recover();
    assertThat(world.status(A)).isEqualTo(AgentStatus.SLEEPING);
    world.ask(new Request.WakeAgent(A, null));
    world.start(A);
    world.ask(new Request.StopAgent(A));
    recover();
    assertThat(world.status(A)).isEqualTo(AgentStatus.STOPPED);
  }

  @Test
  void recoveryOfAnAgentThatDidNothingChangesNothing() {
    world.decide(
        draft -> {
          Rules.recover(draft, A);
          Rules.recover(draft, "nobody");
          return true;
        });
    assertThat(world.last).isEmpty();
  }

  private boolean cleanUp(String id) {
    return world.decide(draft -> Rules.cleanUp(draft, id, Duration.ofDays(1)));
  }

  @Test
  void onlyWhoRestsAndHasNothingToDoIsCleanedUp() {
    world.create("busy", "asleep", "unread", "asking", "stopped", "active");
    world.submit("busy");
    world.ask(new Request.PutToSleep("asleep", World.until("go")));
    world.ask(new Request.SendMail(MailDraft.of("user", "unread", "s", "b")));
    world.ask(
        new Request.SendMail(MailDraft.of("asking", "user", "s", "b").expectsReply(true, null)));
    world.ask(new Request.StopAgent("stopped"));
    world.submit("active");
    world.start("active");
    assertThat(cleanUp(A)).isFalse();
    world.pass(Duration.ofDays(1));
    for (String id : List.of("busy", "asleep", "unread", "asking", "active", "nobody")) {
      assertThat(cleanUp(id)).as(id).isFalse();
    }
    assertThat(cleanUp(A)).isTrue();
    assertThat(cleanUp("stopped")).isTrue();
    assertThat(world.fold.agent(A)).isNull();
  }

  @Test
  void anAgentCreatedAgainGoesOnFromItsVersionAndHasNothingOfTheOldOne() {
    world.ask(new Request.PutMemory(A, "k", 1));
    world.ask(new Request.AppendMessage(A, Message.user("m")));
    Task task = world.submit(A);
    world.start(A);
    long version = world.agent(A).version();
    world.ask(new Request.DeleteAgent(A));
    assertThat(world.table.scan(Keys.agent(A)).hasNext()).isFalse();
    assertThat(world.refusal(new Request.CancelTask(task.taskId(), null)).kind())
        .isEqualTo(Refusal.Kind.NOT_FOUND);
    world.ask(World.creation(A.toUpperCase(java.util.Locale.ROOT)));
    assertThat(world.agent("ALICE").version()).isEqualTo(version + 2);
    assertThat(world.agent("ALICE").memory()).isEmpty();
    assertThat(world.agent("ALICE").session().messages()).isZero();
  }

  @Test
  void workingMemoryIsPutAndRemoved() {
    world.ask(new Request.PutMemory(A, "a/b", List.of(1)));
    assertThat(world.agent(A).memory("a/b").value()).isEqualTo(List.of(1));
    assertThat(world.ask(new Request.RemoveMemory(A, "a/b"))).isTrue();
    assertThat(world.ask(new Request.RemoveMemory(A, "a/b"))).isFalse();
    assertThat(world.last).isEmpty();
  }

  @Test
  void anUpdateChangesWhatItNames() {
    world.ask(new Request.UpdateAgent(A, "Alice", null, null, List.of("files"), null));
    var session = world.agent(A).session();
    assertThat(session.agentName()).isEqualTo("Alice");
    assertThat(session.behavior()).isEqualTo("echo");
    assertThat(session.toolSets()).containsExactly("files");
    world.ask(new Request.UpdateAgent(A, null, "other", Map.of("k", 1), null, Map.of("m", 2)));
    session = world.agent(A).session();
    assertThat(session.agentName()).isEqualTo("Alice");
    assertThat(session.behavior()).isEqualTo("other");
    assertThat(session.configuration()).isEqualTo(Map.of("k", 1));
    assertThat(session.metadata()).isEqualTo(Map.of("m", 2));
  }

  @Test
  void theEffectsOfATurnBecomeTrueWithItsCompletionInOrder() {
    world.create("bob");
    world.limits = new Limits(128, 1000, 256, 1000, 128, 1, 10, 1000, 20);
    world.submit("bob");
    world.submit(A);
    Task turn = world.start(A);
    var mail = world.ask(new Request.SendMail(MailDraft.of("bob", A, "s", "b"))).mail().getFirst();
    List<Effect> effects =
        List.of(
            new Effect.Append(Message.assistant("x")),
            new Effect.Put("k", 1),
            new Effect.Put("l", 2),
            new Effect.Remove("k"),
            new Effect.Send(List.of("m1"), MailDraft.of(A, "bob", "s", "b")),
            new Effect.Acknowledge(List.of(mail.messageId())),
            new Effect.Submit("bob", "t1", TaskSpec.of("too many")),
            new Effect.Submit(A, "t2", TaskSpec.of("fine")));
    for (Effect effect : effects) {
      world.decide(
          draft -> {
            TurnRules.check(draft, A, effect);
            return true;
          });
    }
    world.decide(
        draft ->
            TurnRules.finish(draft, turn, effects, null, new TurnRules.Outcome.Completed("r")));
    assertThat(world.kinds())
        .containsExactly(
            "MessageAppended",
            "MemoryPut",
            "MemoryPut",
            "MemoryRemoved",
            "MailSent",
            "MailDelivered",
            "MailRead",
            "TaskRefused",
            "TaskSubmitted",
            "TaskCompleted");
    assertThat(world.task(turn).result()).isEqualTo("r");
    Task refused = world.agent(A).task("t1");
    assertThat(refused.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(refused.error()).contains("max_pending_tasks");
  }

  @Test
  void everyRequestHasAMethodAndATypeOfAnswer() {
    assertThat(Rules.method(new Request.SubmitTask(A, TaskSpec.of("p")))).isEqualTo("submit_task");
    assertThat(Rules.answerType(World.creation(A))).isEqualTo(AgentView.class);
    assertThat(Rules.answerType(new Request.DeleteAgent(A))).isEqualTo(Boolean.class);
    assertThat(Rules.answerType(new Request.CancelTask("t", null))).isEqualTo(Task.class);
    assertThat(Rules.answerType(new Request.AppendMessage(A, Message.user(""))))
        .isEqualTo(Long.class);
    assertThat(Rules.answerType(new Request.TakeMail(A, 1))).isEqualTo(Request.MailList.class);
    assertThat(Rules.answerType(new Request.ArchiveMail("m")))
        .isEqualTo(dev.torpor.state.Mail.class);
  }
}
