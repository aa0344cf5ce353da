package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Json;
import dev.torpor.state.Mail;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.WakeEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closed or killed, and open again: everything goes on where it was. */
class RestartTest {
  @TempDir private Path folder;
  @TempDir private Path copy;

  private final AtomicInteger firstSteps = new AtomicInteger();

  /** A turn of two steps whose second waits at first. */
  private AgentBehavior twoSteps(CountDownLatch reached, CountDownLatch goOn) {
    return turn -> {
      int first = turn.step("first", firstSteps::incrementAndGet);
      int second =
          turn.step(
              "second",
              () -> {
                reached.countDown();
                goOn.await();
                return first + 1;
              });
      turn.result(List.of(first, second));
    };
  }

  @Test
  void aTaskGoesOnFromItsFinishedStepAfterAKill() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(0);
    Task task;
    try (Torpor torpor = Folders.quick(folder).open()) {
      torpor.behavior("two", twoSteps(reached, new CountDownLatch(1)));
      task = torpor.agent("a", AgentSpec.of("two")).submit("p");
      reached.await();
      Folders.copy(folder, copy);
    }
    try (Torpor torpor = Torpor.at(copy).open()) {
      assertThat(torpor.tasksResumed()).isEqualTo(1);
      assertThat(torpor.task(task.taskId()).status()).isEqualTo(TaskStatus.PENDING);
      torpor.behavior("two", twoSteps(reached, open));
      Task done = Folders.await(torpor, task);
      assertThat(done.result()).isEqualTo(List.of(1, 2));
      assertThat(done.recoveries()).isEqualTo(1);
      assertThat(done.attempt()).isEqualTo(1);
      assertThat(firstSteps).hasValue(1);
      assertThat(torpor.steps(done)).extracting(Step::name).containsExactly("first", "second");
    }
  }

  @Test
  void aTaskGoesOnFromItsFinishedStepAfterAGracefulCloseAndThatIsNoRecovery() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    Task task;
    try (Torpor torpor = Folders.quick(folder).open()) {
      torpor.behavior("two", twoSteps(reached, new CountDownLatch(1)));
      task = torpor.agent("a", AgentSpec.of("two")).submit("p");
      reached.await();
    }
    try (Torpor torpor =
        Torpor.at(folder).behavior("two", twoSteps(reached, new CountDownLatch(0))).open()) {
      Task done = Folders.await(torpor, task);
      assertThat(done.result()).isEqualTo(List.of(1, 2));
      assertThat(done.recoveries()).isZero();
      assertThat(done.attempt()).isEqualTo(1);
      assertThat(firstSteps).hasValue(1);
      assertThat(torpor.tasksResumed()).isZero();
    }
  }

  @Test
  void sleepersSleepOnAndOverdueTimersFire() {
    Instant soon = Instant.now().plusSeconds(3600);
    try (Torpor torpor = Torpor.open(folder)) {
      Agent early = torpor.agent("early", AgentSpec.of("echo"));
      torpor.perform(
          new Request.PutToSleep("early", new SleepDraft(null, soon, List.of(), null, true)),
          Terms.NONE);
      torpor.agent("late", AgentSpec.of("echo")).sleep(Duration.ofDays(9), WakeEvent.of("go"));
      torpor.agent("task", AgentSpec.of("echo")).submit(TaskSpec.of("due").notBefore(soon));
      assertThat(early.view().session().status()).isEqualTo(AgentStatus.SLEEPING);
    }
    try (Torpor torpor = Folders.quick(folder).clock(Folders.ahead(Duration.ofHours(2))).open()) {
      Awaitility.await()
          .atMost(Folders.SOON)
          .untilAsserted(
              () -> {
                assertThat(torpor.tasks("early", TaskStatus.COMPLETED, 10, null).items())
                    .extracting(Task::type)
                    .containsExactly(Task.WAKE);
                assertThat(torpor.tasks("task", TaskStatus.COMPLETED, 10, null).items()).hasSize(1);
              });
      assertThat(torpor.view("late").session().status()).isEqualTo(AgentStatus.SLEEPING);
      assertThat(torpor.broadcast("go", null, Terms.NONE).woken()).isEqualTo(1);
    }
  }

  @Test
  void mailIsThereWithItsThread() {
    Mail question;
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("none"));
      torpor.agent("b", AgentSpec.of("none"));
      question =
          torpor
              .perform(
                  new Request.SendMail(MailDraft.of("a", "b", "s", "b").expectsReply(true, null)),
                  Terms.NONE)
              .mail()
              .getFirst();
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.agent("b").unreadMail()).containsExactly(question);
      assertThat(torpor.view("a").session().mail().pendingReplies()).isEqualTo(1);
      torpor.perform(new Request.ReplyToMail(question.messageId(), null, "re"), Terms.NONE);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.view("a").session().mail().pendingReplies()).isZero();
      assertThat(torpor.thread(question.messageId())).hasSize(2);
    }
  }

  @Test
  void aKeyIsRememberedOverARestart() {
    Terms terms = new Terms("key", null);
    Request<Task> submit = new Request.SubmitTask("a", TaskSpec.of("p"));
    Task task;
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("none"));
      task = torpor.perform(submit, terms);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.perform(submit, terms)).isEqualTo(task);
      assertThatThrownBy(() -> torpor.perform(new Request.SubmitTask("a", TaskSpec.of("q")), terms))
          .isInstanceOfSatisfying(
              TorporException.class,
              e -> assertThat(e.reason()).isEqualTo("idempotency_key_reused"));
      assertThat(torpor.view("a").session().tasks().pending()).isEqualTo(1);
    }
    try (Torpor torpor = Torpor.at(folder).clock(Folders.ahead(Duration.ofHours(25))).open()) {
      assertThat(torpor.perform(submit, terms).taskId()).isNotEqualTo(task.taskId());
    }
  }

  @Test
  void aValueAsDeepAsMayBeIsRememberedToo() {
    Object deep = "at the bottom";
    for (int i = 0; i < Json.MAX_DEPTH; i++) {
      deep = List.of(deep);
    }
    Request<Task> submit = new Request.SubmitTask("a", TaskSpec.of("p").payload(deep));
    Terms terms = new Terms("key", null);
    Task task;
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("none"));
      task = torpor.perform(submit, terms);
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.perform(submit, terms)).isEqualTo(task);
    }
  }

  @Test
  void workWaitsUnharmedUntilItsBehaviorIsRegisteredAndSaysSo() {
    Task task;
    try (Torpor torpor = Torpor.open(folder)) {
      task = torpor.agent("a", AgentSpec.of("later")).submit("p");
      assertThat(torpor.whyNotRunning(torpor.view("a").session())).contains("'later'");
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.whyNotRunning(torpor.view("a").session())).contains("'later'");
      torpor.behavior("later", Folders::echo);
      assertThat(torpor.behaviors()).containsExactly("later");
      assertThat(Folders.await(torpor, task).result()).isEqualTo("p");
      assertThat(torpor.whyNotRunning(torpor.view("a").session())).isNull();
    }
  }

  @Test
  void anAgentDeletedAndCreatedAgainGoesOnFromItsVersion() {
    long version;
    try (Torpor torpor = Torpor.open(folder)) {
      Agent agent = torpor.agent("a", AgentSpec.of("none"));
      agent.remember("k", 1);
      version = agent.view().session().version();
      agent.delete();
    }
    try (Torpor torpor = Torpor.open(folder)) {
      assertThat(torpor.find("a")).isEmpty();
      assertThat(torpor.agent("a", AgentSpec.of("none")).view().session().version())
          .isEqualTo(version + 2);
    }
  }

  @Test
  void aFolderIsReadWithoutBeingChangedOrRun() {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("echo")).submit("p");
    }
    try (Torpor torpor = Torpor.reading(folder)) {
      assertThat(torpor.view("a").session().tasks().pending()).isEqualTo(1);
      assertThat(torpor.counts().idle()).isEqualTo(1);
    }
    List<String> found = new ArrayList<>();
    try (Torpor torpor = Torpor.reading(folder)) {
      torpor.agents(null, 10, null).items().forEach(agent -> found.add(agent.session().agentId()));
    }
    assertThat(found).containsExactly("a");
  }
}
