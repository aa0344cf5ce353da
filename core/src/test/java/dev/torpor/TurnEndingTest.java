package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Message;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All the ways in which a turn ends that is not simply done. */
class TurnEndingTest {
  @TempDir private Path folder;
  private Torpor torpor;
  private final CountDownLatch begun = new CountDownLatch(1);

  @BeforeEach
  void open() {
    torpor = Folders.quick(folder).open();
  }

  @AfterEach
  void close() {
    torpor.close();
  }

  private Task run(AgentBehavior behavior) {
    return run(behavior, TaskSpec.of("p"));
  }

  private Task run(AgentBehavior behavior, TaskSpec spec) {
    torpor.behavior("b", behavior);
    return torpor.agent("a", AgentSpec.of("b")).submit(spec);
  }

  private Task done(Task task) {
    return Folders.await(torpor, task);
  }

  @Test
  void aTurnThatThrowsFailsAndNothingOfItIsTrue() {
    Task task =
        done(
            run(
                turn -> {
                  turn.append(Message.user("m"));
                  turn.memory().put("k", 1);
                  turn.mail("user").subject("s").body("b").send();
                  throw new IOException("no luck");
                }));
    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.error()).isEqualTo("IOException: no luck");
    Agent agent = torpor.agent("a");
    assertThat(agent.history(10)).isEmpty();
    assertThat(agent.memory("k")).isNull();
    assertThat(torpor.unreadMail("user", 10)).isEmpty();
    assertThat(agent.view().session().errorCount()).isEqualTo(1);
  }

  @Test
  void anErrorOfTheTurnsCodeIsTheTurnsFailure() {
    Task task =
        done(
            run(
                turn -> {
                  throw new StackOverflowError();
                }));
    assertThat(task.error()).isEqualTo("StackOverflowError");
  }

  /** Only this store's own failure ends a turn without a commit; a turn may use another one. */
  @Test
  void anotherStoresFailureIsTheTurnsFailure() {
    Task task =
        done(
            run(
                turn -> {
                  throw new StoreException(StoreException.Reason.LOCKED, "somebody holds it");
                }));
    assertThat(task.error()).isEqualTo("StoreException: somebody holds it");
  }

  @Test
  void anExceptionThatCannotEvenBeToldIsTheTurnsFailure() {
    Task task =
        done(
            run(
                turn -> {
                  throw new Untold();
                }));
    assertThat(task.error()).isEqualTo("Untold");
  }

  private static final class Untold extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  @Test
  void aRunThatFailsIsRepeatedWithItsStepsKept() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger steps = new AtomicInteger();
    Task task =
        done(
            run(
                turn -> {
                  turn.step("one", steps::incrementAndGet);
                  if (runs.incrementAndGet() < 3) {
                    throw new IllegalStateException("not yet");
                  }
                  turn.result(turn.task().attempt());
                },
                TaskSpec.of("p").maxAttempts(3)));
    assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(task.result()).isEqualTo(3);
    assertThat(steps).hasValue(1);
  }

  @Test
  void aResultThatIsNoJsonFailsTheTurnAndSaysSo() {
    Task task = done(run(turn -> turn.result(new Object())));
    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.error()).contains("not a JSON value");
    Task step = done(run(turn -> turn.step("s", Object::new)));
    assertThat(step.error()).contains("'s'").contains("not a JSON value");
  }

  @Test
  void aTextThatNoFileCanHoldHarmsNobodyElse() {
    Task task = done(run(turn -> turn.result("\ud800")));
    assertThat(task.status().isFinished()).isTrue();
    Agent agent = torpor.agent("a");
    agent.remember("\ud800", "\udc00");
    agent.remember("\udc00", 2);
    assertThatIllegalArgumentException().isThrownBy(() -> agent.remember("k", Map.of("\ud800", 1)));
    agent.remember("l", 1);
    assertThat(done(run(Folders::echo)).result()).isEqualTo("p");
    assertThat(done(run(turn -> turn.result(Map.of("\ud800", 1)))).error()).contains("U+D800");
    torpor.close();
    torpor = Torpor.open(folder);
    assertThat(torpor.memory("a", "l")).isEqualTo(1);
    assertThat(torpor.memory("a", "\ud800")).isEqualTo("\udc00");
    assertThat(torpor.memory("a", "\udc00")).isEqualTo(2);
  }

  @Test
  void aRunThatTakesTooLongFailsEvenIfItNeverEnds() {
    Task task =
        done(
            run(
                turn -> new CountDownLatch(1).await(),
                TaskSpec.of("p").timeout(Duration.ofMillis(50))));
    assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
    assertThat(task.error()).contains("timed out after 0.05 s");
  }

  @Test
  void cancellingARunningTaskInterruptsItAndTheNextOneRuns() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    Task task =
        run(
            turn -> {
              if (turn.task().prompt().equals("p")) {
                begun.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
              }
            });
    begun.await();
    Task next = torpor.agent("a").submit("next");
    Task cancelled = torpor.perform(new Request.CancelTask(task.taskId(), "why"), Terms.NONE);
    assertThat(cancelled.status()).isEqualTo(TaskStatus.CANCELLED);
    interrupted.await();
    assertThat(done(next).status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(torpor.task(task.taskId()).status()).isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void aStopDuringATurnReturnsWhenTheAgentHasStoppedAndTheTaskGoesOnLater() throws Exception {
    AtomicBoolean wait = new AtomicBoolean(true);
    Task task =
        run(
            turn -> {
              turn.step("one", () -> 1);
              begun.countDown();
              if (wait.get()) {
                new CountDownLatch(1).await();
              }
            });
    begun.await();
    assertThat(torpor.agent("a").stop().session().status()).isEqualTo(AgentStatus.STOPPED);
    Task pending = torpor.task(task.taskId());
    assertThat(pending.status()).isEqualTo(TaskStatus.PENDING);
    assertThat(pending.steps()).isEqualTo(1);
    assertThat(torpor.whyNotRunning(torpor.view("a").session())).contains("stopped");
    wait.set(false);
    torpor.agent("a").start();
    Task finished = done(task);
    assertThat(finished.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(finished.attempt()).isEqualTo(1);
    assertThat(finished.recoveries()).isZero();
  }

  @Test
  void aTurnThatIsAskedToEndEndsAtItsNextStep() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch late = new CountDownLatch(1);
    run(
        turn -> {
          begun.countDown();
          awaitUninterruptibly(goOn);
          try {
            turn.step("late", () -> 1);
          } finally {
            late.countDown();
          }
        });
    begun.await();
    Thread stopper = Thread.ofVirtual().start(() -> torpor.agent("a").stop());
    Awaitility.await().until(() -> torpor.view("a").session().stopRequested());
    goOn.countDown();
    late.await();
    stopper.join();
    assertThat(torpor.view("a").session().status()).isEqualTo(AgentStatus.STOPPED);
    assertThat(torpor.tasks("a", null, 1, null).items().getFirst().steps()).isZero();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(1_000_000);
      Thread.interrupted();
    }
  }

  @Test
  void whatADeletedAgentsTurnStillDoesCountsForNothing() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    run(
        turn -> {
          begun.countDown();
          awaitUninterruptibly(goOn);
          try {
            turn.memory().put("k", 1);
          } finally {
            over.countDown();
          }
        });
    begun.await();
    torpor.agent("a").delete();
    torpor.agent("a", AgentSpec.of("none"));
    goOn.countDown();
    over.await();
    assertThat(torpor.memory("a", "k")).isNull();
    assertThat(torpor.view("a").session().tasks().pending()).isZero();
  }

  @Test
  void whatAThreadOfATurnAsksForAfterItsEndIsRefusedAndNotLostInSilence() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<Void> late = new CompletableFuture<>();
    done(
        run(
            turn ->
                Thread.ofVirtual()
                    .start(
                        () -> {
                          awaitUninterruptibly(over);
                          try {
                            turn.append(Message.user("late"));
                            late.complete(null);
                          } catch (RuntimeException e) {
                            late.completeExceptionally(e);
                          }
                        })));
    over.countDown();
    assertThat(late).failsWithin(Folders.SOON);
    assertThat(torpor.agent("a").history(10)).isEmpty();
  }

  @Test
  void aTurnReadsItsOwnWrites() {
    Task task =
        done(
            run(
                turn -> {
                  turn.memory().put("k", List.of(1));
                  turn.memory().put("gone", 1);
                  turn.memory().remove("gone");
                  turn.append(Message.user("m"));
                  String id = turn.submit("a", TaskSpec.of("q").type("child"));
                  turn.result(
                      List.of(
                          turn.memory().get("k"),
                          turn.memory().get("gone") == null,
                          turn.history().last(5).size(),
                          id,
                          turn.idempotencyKey("s").startsWith(turn.task().taskId())));
                }));
    List<?> result = (List<?>) task.result();
    String child = (String) result.get(3);
    assertThat(result).isEqualTo(List.of(List.of(1), true, 1, child, true));
    assertThat(torpor.task(child).type()).isEqualTo("child");
  }

  private record Point(int x, String name) {}

  @Test
  void stepsHaveNamesTypesAndTheValueAsItIsReadBack() {
    Task task =
        done(
            run(
                turn -> {
                  Point point = turn.step("typed", Point.class, () -> new Point(1, "n"));
                  Long number = turn.<Number>step("n", () -> 1L).longValue();
                  int first = turn.step("same", () -> 1);
                  int second = turn.step("same", () -> 2);
                  turn.step("nothing", () -> {});
                  turn.result(Map.of("x", point.x(), "n", number, "s", first + second));
                }));
    assertThat(task.error()).isNull();
    assertThat(task.result()).isEqualTo(Map.of("x", 1, "n", 1, "s", 3));
    assertThat(torpor.steps(task))
        .extracting("name")
        .containsExactly("typed", "n", "same", "same#2", "nothing");
  }

  @Test
  void aStepThatThrowsRecordsNothing() {
    Task task =
        done(
            run(
                turn -> {
                  turn.step(
                      "s",
                      () -> {
                        throw new IOException("x");
                      });
                }));
    assertThat(task.error()).contains("StepFailedException").contains("'s'");
    assertThat(torpor.steps(task)).isEmpty();
  }

  @Test
  void anAwaitThatIsTooShortSaysSo() {
    Task task = run(turn -> new CountDownLatch(1).await());
    assertThatThrownBy(() -> torpor.agent("a").await(task.taskId(), Duration.ofMillis(10)))
        .isInstanceOfSatisfying(
            TorporException.class,
            e -> assertThat(e.kind()).isEqualTo(TorporException.Kind.TIMEOUT));
    assertThatThrownBy(() -> torpor.await("no", Duration.ZERO))
        .isInstanceOfSatisfying(
            TorporException.class,
            e -> assertThat(e.kind()).isEqualTo(TorporException.Kind.NOT_FOUND));
  }
}
