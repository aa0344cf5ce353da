package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table in the outward contract: what moves an agent from one status to another. */
class StatusTableTest {
  private static final String A = "alice";

  /**
   * A cell: the next status, then the changes about the agent; {@code !} and a reason for a
   * refusal. {@code gone} is no status.
   */
  private static final String TABLE =
      """
      what      | idle                | active                          | waiting             | sleeping                       | stopped
      task      | active TaskSubmitted TurnStarted | active TaskSubmitted | active TaskSubmitted TurnStarted | sleeping TaskSubmitted | stopped TaskSubmitted
      mail      | idle MailDelivered  | active MailDelivered            | waiting MailDelivered | sleeping MailDelivered       | stopped MailDelivered
      event     | idle                | active                          | waiting             | sleeping                       | stopped
      waker     | idle                | active                          | waiting             | idle WokeUp                    | stopped
      urgent    | idle MailDelivered  | active MailDelivered            | waiting MailDelivered | idle MailDelivered WokeUp    | stopped MailDelivered
      sleep     | sleeping FellAsleep | active SleepRequested           | sleeping FellAsleep | sleeping FellAsleep            | !agent_stopped
      wake      | idle                | active ManuallyWoken            | waiting             | idle WokeUp                    | stopped
      time      | idle                | active                          | waiting             | idle WokeUp                    | stopped
      stop      | stopped AgentStopped | active StopRequested           | stopped AgentStopped | stopped AgentStopped          | stopped
      start     | idle                | active                          | waiting             | sleeping                       | idle AgentStarted
      delete    | gone AgentDeleted   | gone AgentDeleted               | gone AgentDeleted   | gone AgentDeleted              | gone AgentDeleted
      """;

  @TestFactory
  List<DynamicTest> eachCellIsAsTheContractSays() {
    List<DynamicTest> tests = new ArrayList<>();
    List<String> rows = TABLE.lines().toList();
    String[] statuses = rows.getFirst().split("\\|");
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split("\\|");
      for (int i = 1; i < cells.length; i++) {
        AgentStatus status = AgentStatus.valueOf(statuses[i].strip().toUpperCase(Locale.ROOT));
        String what = cells[0].strip();
        String cell = cells[i].strip();
        tests.add(
            DynamicTest.dynamicTest(what + " when " + status, () -> check(what, status, cell)));
      }
    }
    assertThat(tests).hasSize(55);
    return tests;
  }

  private static void check(String what, AgentStatus status, String cell) {
    World world = in(status);
    assertThat(world.status(A)).isEqualTo(status);
    if (cell.startsWith("!")) {
      assertThat(world.refusal(request(what)).reason()).isEqualTo(cell.substring(1));
      assertThat(world.status(A)).isEqualTo(status);
      return;
    }
    List<String> changes = happen(world, what);
    if (world.fold.agent(A) != null && status != AgentStatus.ACTIVE && world.start(A) != null) {
      changes.add("TurnStarted");
    }
    String[] expected = cell.split(" ");
    assertThat(changes).containsExactly(java.util.Arrays.copyOfRange(expected, 1, expected.length));
    var agent = world.fold.agent(A);
    assertThat(agent == null ? "gone" : agent.session().status().name().toLowerCase(Locale.ROOT))
        .isEqualTo(expected[0]);
  }

  private static World in(AgentStatus status) {
    World world = new World();
    world.create(A, "bob");
    switch (status) {
      case IDLE -> {}
      case ACTIVE -> {
        world.submit(A);
        world.start(A);
      }
      case WAITING -> world.letWait(A);
      case SLEEPING ->
          world.ask(
              new Request.PutToSleep(
                  A,
                  new SleepDraft(
                      Duration.ofHours(1),
                      null,
                      List.of("go", "high_priority_mail"),
                      null,
                      false)));
      case STOPPED -> world.ask(new Request.StopAgent(A));
      case DAMAGED -> throw new AssertionError();
    }
    return world;
  }

  private static Request<?> request(String what) {
    MailDraft mail = MailDraft.of("bob", A, "s", "b");
    return switch (what) {
      case "task" -> new Request.SubmitTask(A, TaskSpec.of("p"));
      case "mail" -> new Request.SendMail(mail);
      case "urgent" -> new Request.SendMail(mail.priority(dev.torpor.state.Priority.URGENT));
      case "sleep" -> new Request.PutToSleep(A, World.until("other"));
      case "wake" -> new Request.WakeAgent(A, null);
      case "stop" -> new Request.StopAgent(A);
      case "start" -> new Request.StartAgent(A);
      case "delete" -> new Request.DeleteAgent(A);
      default -> throw new AssertionError(what);
    };
  }

  /** Lets it happen; gives the kinds of the changes of the agent. */
  private static List<String> happen(World world, String what) {
    int before = world.commits.size();
    switch (what) {
      case "event" -> world.broadcast("something", null);
      case "waker" -> world.broadcast("go", null);
      case "time" -> {
        world.pass(Duration.ofHours(2));
        world.decide(draft -> SleepRules.wakeInTime(draft, A));
      }
      default -> world.ask(request(what));
    }
    List<String> kinds = new ArrayList<>();
    for (var commit : world.commits.subList(before, world.commits.size())) {
      for (var change : commit.changes()) {
        if (change instanceof dev.torpor.state.Change.OfAgent c && c.agent().equals(A)) {
          kinds.add(c.getClass().getSimpleName());
        }
      }
    }
    return kinds;
  }

  @Test
  void aSleepAskedForDuringATurnBeginsWhenTheTurnIsOver() {
    World world = new World();
    world.create(A);
    world.submit(A);
    Task turn = world.start(A);
    world.ask(new Request.PutToSleep(A, World.until("go")));
    world.finish(turn);
    assertThat(world.status(A)).isEqualTo(AgentStatus.SLEEPING);
  }

  @Test
  void aStopAskedForDuringATurnComesAfterItAndItsTaskKeepsItsSteps() {
    World world = new World();
    world.create(A);
    world.submit(A);
    Task turn = world.start(A);
    world.step(turn, "one", 1);
    world.ask(new Request.StopAgent(A));
    world.ask(new Request.StopAgent(A));
    assertThat(world.last).isEmpty();
    world.end(turn, null, new TurnRules.Outcome.Suspended());
    assertThat(world.status(A)).isEqualTo(AgentStatus.STOPPED);
    assertThat(world.agent(A).steps(turn.taskId())).hasSize(1);
    assertThat(world.task(turn).status()).isEqualTo(dev.torpor.state.TaskStatus.PENDING);
    assertThat(world.task(turn).attempt()).isEqualTo(1);
    assertThat(world.start(A)).isNull();
    world.ask(new Request.StartAgent(A));
    assertThat(world.start(A)).isNotNull();
  }

  @Test
  void aTurnThatIsNoLongerTheRunningOneCanDoNothingMore() {
    World world = new World();
    world.create(A);
    world.submit(A);
    Task turn = world.start(A);
    world.ask(new Request.CancelTask(turn.taskId(), "no need"));
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
    assertThat(world.step(turn, "late", 1)).isFalse();
    assertThat(world.finish(turn)).isFalse();
    assertThat(world.last).isEmpty();
    world.ask(new Request.DeleteAgent(A));
    assertThat(world.finish(turn)).isFalse();
  }
}
