package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParallelTest {
  private static final int CALLERS = 32;
  private static final int EACH = 10;

  @TempDir private Path folder;

  @Test
  void whatManySubmitAtOnceHasConsecutiveVersionsAndNoneIsLost() throws Exception {
    Set<String> ids = new HashSet<>();
    try (Torpor torpor = Torpor.open(folder);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Agent agent = torpor.agent("a", AgentSpec.of("none"));
      List<Future<List<Task>>> callers =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  _ ->
                      executor.submit(
                          () -> IntStream.range(0, EACH).mapToObj(_ -> agent.submit("p")).toList()))
              .toList();
      Set<Long> orders = new HashSet<>();
      for (Future<List<Task>> caller : callers) {
        for (Task task : caller.get()) {
          ids.add(task.taskId());
          orders.add(task.order());
        }
      }
      assertThat(ids).hasSize(CALLERS * EACH);
      // The first version is the creation's.
      assertThat(orders)
          .containsExactlyInAnyOrderElementsOf(
              LongStream.rangeClosed(2, 1 + CALLERS * EACH).boxed().toList());
    }
    try (Torpor torpor = Torpor.open(folder)) {
      AgentSnapshot agent = torpor.restore("a");
      assertThat(agent.session().version()).isEqualTo(1 + CALLERS * EACH);
      assertThat(agent.tasks()).extracting(Task::taskId).containsExactlyInAnyOrderElementsOf(ids);
    }
  }

  @Test
  void requestsThatNobodyWaitsForAreDurableWhenTheirFuturesAreDone() {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("a", AgentSpec.of("none"));
      List<CompletableFuture<Task>> futures =
          IntStream.range(0, 50)
              .mapToObj(
                  _ ->
                      torpor.performSoon(new Request.SubmitTask("a", TaskSpec.of("p")), Terms.NONE))
              .toList();
      futures.forEach(CompletableFuture::join);
      assertThat(torpor.durable()).isGreaterThanOrEqualTo(50);
    }
  }

  @Test
  void oneOfManyThatCreateAnAgentCreatesItAndAllGetIt() throws Exception {
    try (Torpor torpor = Torpor.open(folder);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Agent>> callers =
          IntStream.range(0, 16)
              .mapToObj(_ -> executor.submit(() -> torpor.agent("a", AgentSpec.of("none"))))
              .toList();
      for (Future<Agent> caller : callers) {
        assertThat(caller.get().view().session().version()).isEqualTo(1);
      }
    }
  }

  @Test
  void theSameRequestUnderTheSameKeyIsCarriedOutOnceHoweverManyAsk() throws Exception {
    try (Torpor torpor = Torpor.open(folder);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Agent agent = torpor.agent("a", AgentSpec.of("none"));
      Request<Task> submit = new Request.SubmitTask("a", TaskSpec.of("p"));
      List<Future<Task>> callers =
          IntStream.range(0, 16)
              .mapToObj(_ -> executor.submit(() -> torpor.perform(submit, new Terms("k", null))))
              .toList();
      Set<Task> answers = new HashSet<>();
      for (Future<Task> caller : callers) {
        answers.add(caller.get());
      }
      assertThat(answers).hasSize(1);
      assertThat(agent.view().session().tasks().pending()).isEqualTo(1);
    }
  }
}
