package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Change;
import dev.torpor.state.Keys;
import dev.torpor.state.World;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BroadcastTest {
  private final World world = new World();

  private void sleepers(String prefix, int count, String event) {
    for (int i = 0; i < count; i++) {
      String id = prefix + i;
      world.create(id);
      world.ask(new Request.PutToSleep(id, World.until(event)));
    }
  }

  @Test
  void itIsDeliveredInPortionsToThoseWhoWaitForItAndThenToThoseWhoWaitForAny() {
    sleepers("own", 250, "go");
    sleepers("any", 30, "system_event");
    sleepers("other", 3, "stay");
    int before = world.commits.size();
    Broadcast broadcast = world.broadcast("go", null);
    assertThat(broadcast.woken()).isEqualTo(280);
    assertThat(broadcast.agents())
        .hasSize(280)
        .contains("own249", "any29")
        .doesNotContain("other0");
    // Recorded; 100, 100, 50; 30; ended.
    assertThat(world.commits.size() - before).isEqualTo(6);
    for (var commit : world.commits.subList(before, world.commits.size())) {
      assertThat(commit.changes().stream().filter(Change.WokeUp.class::isInstance).count())
          .isLessThanOrEqualTo(EventRules.PORTION);
    }
    assertThat(world.status("other0")).isEqualTo(AgentStatus.SLEEPING);
    assertThat(world.table.scan(Keys.BROADCASTS).hasNext()).isFalse();
  }

  @Test
  void theEventThatAnyWaitForByNameReachesThemOnce() {
    sleepers("any", 2, "system_event");
    assertThat(world.broadcast("system_event", null).woken()).isEqualTo(2);
  }

  @Test
  void whoWaitsForTheEventAndForAnyIsWokenOnce() {
    world.create("a");
    world.ask(new Request.PutToSleep("a", World.until("go", "system_event")));
    assertThat(world.broadcast("go", null).woken()).isEqualTo(1);
  }

  @Test
  void whoFellAsleepAfterItWasRecordedSleepsOn() {
    sleepers("early", 1, "go");
    long seq = world.record("go", null);
    sleepers("late", 1, "go");
    world.decide(draft -> String.valueOf(EventRules.deliver(draft, seq, "", 100)));
    assertThat(world.status("early0")).isEqualTo(AgentStatus.IDLE);
    assertThat(world.status("late0")).isEqualTo(AgentStatus.SLEEPING);
  }

  @Test
  void whoseSleepIsReplacedBeforeItArrivesIsWokenFromTheOldOne() {
    world.create("a");
    world.ask(new Request.PutToSleep("a", new SleepDraft(null, null, List.of("go"), null, true)));
    long seq = world.record("go", "now");
    world.ask(new Request.PutToSleep("a", World.until("stay")));
    assertThat(world.kinds()).containsExactly("WokeUp", "TaskSubmitted", "FellAsleep");
    world.decide(draft -> String.valueOf(EventRules.deliver(draft, seq, "", 100)));
    assertThat(world.status("a")).isEqualTo(AgentStatus.SLEEPING);
    world.ask(new Request.PutToSleep("a", World.until("go")));
    assertThat(world.kinds()).containsExactly("FellAsleep");
  }

  @Test
  void atMostAThousandAreNamedAndAllAreCounted() {
    var change = new Change.EventBroadcast("go", null, null);
    world.decide(draft -> emit(draft, change));
    long seq = world.seq();
    for (int i = 0; i < 11; i++) {
      var woken = java.util.Collections.nCopies(99, "a");
      world.decide(draft -> emit(draft, new Change.BroadcastDelivered(seq, woken)));
    }
    Broadcast broadcast = world.decide(draft -> EventRules.end(draft, seq, b -> 0));
    assertThat(broadcast.woken()).isEqualTo(1089);
    assertThat(broadcast.agents()).hasSize(1000);
  }

  private static boolean emit(Draft draft, Change change) {
    draft.emit(change);
    return true;
  }

  @Test
  void itsAnswerIsRememberedWithItsEndWhereItHasAKey() {
    var request = new Broadcast.Request("broadcast", "", "k", "d");
    world.decide(
        draft -> {
          EventRules.record(draft, "go", 1, request);
          return true;
        });
    long seq = world.seq();
    world.decide(draft -> EventRules.end(draft, seq, b -> b.woken()));
    assertThat(world.kinds()).containsExactly("BroadcastEnded", "RequestRemembered");
    assertThat(world.<String>decide(d -> String.valueOf(EventRules.deliver(d, seq, "", 100))))
        .isEqualTo("null");
    assertThat(world.<Broadcast>decide(draft -> EventRules.end(draft, seq, b -> 0))).isNull();
  }

  @Test
  void oneThatIsOnItsWayUnderAKeyIsNotRecordedAgain() {
    var request = new Broadcast.Request("broadcast", "", "k", "d");
    long seq = world.decide(draft -> EventRules.record(draft, "go", 1, request));
    world.record("go", 1);
    long before = world.seq();
    assertThat(world.<Long>decide(draft -> EventRules.record(draft, "go", 1, request)))
        .isEqualTo(seq);
    var other = new Broadcast.Request("broadcast", "", "k", "another digest");
    assertThatThrownBy(() -> world.decide(draft -> EventRules.record(draft, "go", 2, other)))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason()).isEqualTo("idempotency_key_reused"));
    assertThat(world.seq()).isEqualTo(before);
  }

  @Test
  void aPortionIsAsLargeAsIsAskedFor() {
    sleepers("own", 5, "go");
    sleepers("any", 4, "system_event");
    long seq = world.record("go", null);
    int portions = 0;
    for (String from = ""; from != null; portions++) {
      String here = from;
      from = world.decide(draft -> EventRules.deliver(draft, seq, here, 2));
      assertThat(world.kinds().stream().filter("WokeUp"::equals).count()).isLessThanOrEqualTo(2);
    }
    assertThat(portions).isEqualTo(5);
    assertThat(world.decide(draft -> EventRules.end(draft, seq, b -> 0)).woken()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail_received", "high_priority_mail", "task_submitted", "manual_wake"})
  void whatComesAboutByItselfCannotBeBroadcast(String event) {
    assertThatThrownBy(() -> world.record(event, null))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "129"})
  void anEventsNameHasALength(String name) {
    String event = name.isEmpty() ? "" : "e".repeat(129);
    assertThatThrownBy(() -> world.record(event, null))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.reason()).isEqualTo("max_event_length"));
  }

  @Test
  void anEventsNameIsFreeText() {
    world.create("a");
    world.ask(new Request.PutToSleep("a", World.until("a/b ü~%")));
    assertThat(world.broadcast("a/b ü~%", null).woken()).isEqualTo(1);
  }
}
