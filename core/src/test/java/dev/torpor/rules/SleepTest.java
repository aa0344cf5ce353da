package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Keys;
import dev.torpor.state.MailCounts;
import dev.torpor.state.Priority;
import dev.torpor.state.Task;
import dev.torpor.state.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SleepTest {
  private static final String A = "alice";

  private final World world = new World();

  @BeforeEach
  void create() {
    world.create(A, "bob");
  }

  @Test
  void aSleepThatNamesNoEndLastsUntilTheAgentIsWokenByHand() {
    world.ask(new Request.PutToSleep(A, new SleepDraft(null, null, List.of(), null, false)));
    happen("high");
    happen("go");
    assertThat(world.agent(A).session().status()).isEqualTo(AgentStatus.SLEEPING);
    happen("wake");
    assertThat(world.agent(A).session().status()).isEqualTo(AgentStatus.IDLE);
  }

  private Task turn() {
    world.submit(A);
    return world.start(A);
  }

  private void mail(Priority priority) {
    world.ask(new Request.SendMail(MailDraft.of("bob", A, "s", "b").priority(priority)));
  }

  private void happen(String what) {
    switch (what) {
      case "mail" -> mail(Priority.NORMAL);
      case "high" -> mail(Priority.HIGH);
      case "task" -> world.submit(A);
      case "wake" -> world.ask(new Request.WakeAgent(A, null));
      case "go" -> world.broadcast("go", Map.of("n", 1));
      default -> throw new AssertionError(what);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mail, mail_received, true",
    "mail, high_priority_mail, false",
    "high, high_priority_mail, true",
    "high, mail_received, true",
    "task, task_submitted, true",
    "task, mail_received, false",
    "wake, mail_received, true",
    "wake, manual_wake, true",
    "go, go, true",
    "go, system_event, true",
    "go, other, false",
  })
  void anEventEndsTheSleepThatWaitsForItInEachOfItsThreeForms(
      String what, String waitsFor, boolean wakes) {
    AgentStatus expected = wakes ? AgentStatus.IDLE : AgentStatus.SLEEPING;
    // One that began.
    world.ask(new Request.PutToSleep(A, World.until(waitsFor)));
    happen(what);
    assertThat(world.status(A)).isEqualTo(expected);
    world.ask(new Request.WakeAgent(A, null));

    // One that was asked for from outside while a turn ran.
    Task turn = turn();
    world.ask(new Request.PutToSleep(A, World.until(waitsFor)));
    happen(what);
    world.finish(turn);
    assertThat(world.status(A)).isEqualTo(expected);
    world.ask(new Request.WakeAgent(A, null));

    // One that the turn asks for at its end, when the event came while it ran.
    turn = turn();
    happen(what);
    world.finish(turn, World.until(waitsFor));
    assertThat(world.status(A)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "task", "go"})
  void whatCameBeforeTheTurnBeganDoesNotEndItsSleep(String what) {
    happen(what);
    Task turn = turn();
    world.finish(turn, World.until("mail_received", "task_submitted", "go", "system_event"));
    assertThat(world.status(A)).isEqualTo(AgentStatus.SLEEPING);
  }

  @Test
  void whatCameBeforeTheRequestDoesNotEndTheSleepThatItAskedFor() {
    Task turn = turn();
    mail(Priority.HIGH);
    world.broadcast("go", null);
    world.ask(new Request.PutToSleep(A, World.until("mail_received", "go")));
    world.finish(turn);
    assertThat(world.status(A)).isEqualTo(AgentStatus.SLEEPING);
  }

  @Test
  void aSleepThatIsDroppedNeverBegins() {
    Task turn = turn();
    world.ask(new Request.PutToSleep(A, World.until("go")));
    world.ask(new Request.WakeAgent(A, "changed my mind"));
    assertThat(world.kinds()).containsExactly("ManuallyWoken", "SleepDropped");
    world.finish(turn);
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void theTurnsOwnSleepIsNotTheOneAskedForFromOutside() {
    Task turn = turn();
    world.ask(new Request.PutToSleep(A, World.until("outside")));
    world.finish(turn, World.until("inside"));
    assertThat(world.agent(A).sleep().wakeEvents()).containsExactly("inside");
    assertThat(world.agent(A).session().sleepRequest()).isNull();
  }

  @Test
  void aTurnThatFailedDoesNotSleep() {
    Task turn = turn();
    world.end(turn, World.until("go"), new TurnRules.Outcome.Failed("no"));
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void aStopIsStrongerThanASleep() {
    Task turn = turn();
    world.ask(new Request.PutToSleep(A, World.until("go")));
    world.ask(new Request.StopAgent(A));
    world.finish(turn);
    assertThat(world.status(A)).isEqualTo(AgentStatus.STOPPED);
    assertThat(world.agent(A).sleep()).isNull();
    world.ask(new Request.StartAgent(A));
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void theTimerWakesAtItsTimeAndNotBefore() {
    world.ask(
        new Request.PutToSleep(
            A, new SleepDraft(Duration.ofHours(1), null, List.of(), "r", false)));
    String due = world.table.scan(Keys.DUE).next().key();
    assertThat(Keys.dueTime(due)).isEqualTo(world.now.plusSeconds(3600));
    world.pass(Duration.ofMinutes(59));
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isFalse();
    world.pass(Duration.ofMinutes(1));
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isTrue();
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
    assertThat(world.<Boolean>decide(draft -> Rules.due(draft, due))).isFalse();
    assertThat(world.table.scan(Keys.DUE).hasNext()).isFalse();
  }

  @Test
  void aNewSleepReplacesTheOldOneAndItsTimer() {
    Duration hour = Duration.ofHours(1);
    world.ask(new Request.PutToSleep(A, new SleepDraft(hour, null, List.of("old"), null, false)));
    world.ask(new Request.PutToSleep(A, World.until("new")));
    assertThat(world.table.scan(Keys.DUE).hasNext()).isFalse();
    assertThat(world.table.scan("~wakes/"))
        .toIterable()
        .singleElement()
        .satisfies(line -> assertThat(line.key()).isEqualTo("~wakes/new/" + A));
  }

  @Test
  void aWakeTaskFollowsWhereItWasAskedForAndSaysWhy() {
    world.ask(new Request.PutToSleep(A, new SleepDraft(null, null, List.of("go"), null, true)));
    world.broadcast("go", Map.of("n", 1));
    Task wake = world.start(A);
    assertThat(wake.type()).isEqualTo(Task.WAKE);
    assertThat((Map<?, ?>) wake.payload())
        .isEqualTo(Map.of("reason", "event", "event", "go", "data", Map.of("n", 1)));
    assertThat(world.start(A)).isNull();
  }

  @Test
  void aFullQueueDoesNotSwallowTheWakeTask() {
    world.limits = new dev.torpor.state.Limits(128, 1000, 256, 1000, 128, 1, 10, 1000, 20);
    world.ask(new Request.PutToSleep(A, new SleepDraft(null, null, List.of("go"), null, true)));
    world.submit(A);
    world.ask(new Request.WakeAgent(A, null));
    assertThat(world.agent(A).session().tasks().pending()).isEqualTo(2);
  }

  @Test
  void aTurnThatMailsItselfAndSleepsUntilMailWakesAtOnce() {
    Task turn = turn();
    var mail = new Effect.Send(List.of("m1"), MailDraft.of(A, A, "s", "b"));
    world.decide(
        draft ->
            TurnRules.finish(
                draft,
                turn,
                List.of(mail),
                World.until("mail_received"),
                new TurnRules.Outcome.Completed(null)));
    assertThat(world.status(A)).isEqualTo(AgentStatus.IDLE);
    assertThat(world.agent(A).session().mail()).isEqualTo(new MailCounts(1, 0));
  }
}
