package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Request;
import dev.torpor.state.Message;
import dev.torpor.state.World;
import dev.torpor.store.Commit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DirtyTest {
  private static final long NOW = System.nanoTime() + TimeUnit.HOURS.toNanos(1);

  private final World world = new World();
  private int told;

  private void tell(Dirty dirty) {
    for (; told < world.commits.size(); told++) {
      Commit commit = world.commits.get(told);
      dirty.note(commit.writes(), commit.stamp().seq());
    }
  }

  private void say(String agent) {
    world.ask(new Request.AppendMessage(agent, Message.user("hello")));
  }

  @Test
  void aMessageConcernsTheSessionAndTheContextAlone() {
    world.create("alice");
    Dirty dirty = new Dirty();
    told = world.commits.size();
    say("alice");
    tell(dirty);
    Pending pending = dirty.take("alice");
    assertThat(pending.parts).isEqualTo(Part.SESSION.bit() | Part.CONTEXT.bit());
    assertThat(pending.keys()).isEmpty();
    assertThat(pending.first).isEqualTo(world.seq());
    assertThat(dirty.isEmpty()).isTrue();
  }

  @Test
  void whatDoesNotFitIsForgottenAndKnownToBe() {
    Dirty dirty = new Dirty(2);
    told = world.commits.size();
    long before = world.seq();
    world.create("alice", "bob", "carl");
    tell(dirty);
    assertThat(dirty.lag(NOW).agents()).isEqualTo(2);
    assertThat(dirty.take("carl")).isNull();
    assertThat(dirty.settled(world.seq())).isEqualTo(before);
    // Of whoever is taken while something is forgotten, that may be the one.
    assertThat(dirty.take("alice").keys()).isNull();
    assertThat(dirty.settled(world.seq())).isEqualTo(before + 1);
    assertThat(dirty.take("bob").parts).isEqualTo(Part.ALL);
    assertThat(dirty.settled(world.seq())).isEqualTo(before + 2);
    assertThat(dirty.takeForgotten()).isEqualTo(before + 2);
    assertThat(dirty.takeForgotten()).isNull();
    assertThat(dirty.settled(world.seq())).isEqualTo(world.seq());
  }

  @Test
  void whoRestsIsPassedOverUntilItsTimeIsOver() {
    Dirty dirty = new Dirty();
    told = world.commits.size();
    world.create("alice", "bob");
    tell(dirty);
    dirty.rest("alice", NOW + 10);
    assertThat(dirty.next(NOW, 0)).isEqualTo("bob");
    assertThat(dirty.any(Long.MAX_VALUE)).isEqualTo("alice");
    assertThat(dirty.next(NOW + 10, 0)).isEqualTo("alice");
    assertThat(dirty.next(NOW, TimeUnit.HOURS.toNanos(2))).as("too early").isNull();
  }

  @Test
  void whatIsPutBackIsJoinedWithWhatCameSince() {
    Dirty dirty = new Dirty();
    told = world.commits.size();
    world.create("alice");
    tell(dirty);
    Pending taken = dirty.take("alice");
    say("alice");
    tell(dirty);
    dirty.putBack(taken);
    Pending all = dirty.take("alice");
    assertThat(all.touches(Part.CONTEXT)).isTrue();
    assertThat(all.first).isEqualTo(world.seq() - 1);
    assertThat(all.last).isEqualTo(world.seq());
  }
}
