package dev.torpor.store.file.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Keys;
import dev.torpor.state.Mail;
import dev.torpor.state.Message;
import dev.torpor.state.World;
import dev.torpor.store.Commit;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void whatBecameOfOneWhoIsForgottenIsNotRememberedEither() {
    world.create("alice", "bob", "carl");
    Dirty dirty = new Dirty(1);
    told = world.commits.size();
    say("alice");
    world.ask(new Request.PutToSleep("bob", World.until("go")));
    world.ask(new Request.WakeAgent("bob", null));
    world.ask(new Request.DeleteAgent("carl"));
    tell(dirty);
    assertThat(dirty.lag(NOW).agents()).isEqualTo(1);
    assertThat(dirty.isWaiting("carl")).as("for nobody knows").isTrue();
    assertThat(dirty.settled(world.seq())).isEqualTo(world.seq() - 4);
    assertThat(dirty.take("alice")).isNotNull();
    assertThat(dirty.isEmpty()).isFalse();
    assertThat(dirty.takeForgotten()).isEqualTo(world.seq() - 3);
    assertThat(dirty.isEmpty()).isTrue();
  }

  @Test
  void whatMayBeForgottenTwiceIsAskedForFromTheEarlierOn() {
    Dirty dirty = new Dirty();
    dirty.forget(5);
    dirty.forget(3);
    dirty.forget(7);
    assertThat(dirty.takeForgotten()).isEqualTo(3);
  }

  @Test
  void anythingRememberedUnderTheNameOfALossIsNoLoss() {
    world.create("alice");
    world.ask(new Request.PutMemory("alice", "loss", 1));
    Dirty dirty = new Dirty();
    told = world.commits.size();
    world.ask(new Request.RemoveMemory("alice", "loss"));
    tell(dirty);
    Pending pending = dirty.take("alice");
    assertThat(pending.reset).isFalse();
    assertThat(pending.parts).isEqualTo(Part.SESSION.bit());
  }

  @Test
  void ofTooManyEventsItIsKnownThatThereWereSome() {
    Dirty dirty = new Dirty();
    told = world.commits.size();
    world.broadcast("go", 1);
    tell(dirty);
    assertThat(dirty.isEmpty()).isFalse();
    Dirty.Events few = dirty.takeEvents();
    assertThat(few.keys()).contains("~event/go");
    dirty.putBackEvents(few);
    world.broadcast("go", 2);
    tell(dirty);
    assertThat(dirty.takeEvents()).isEqualTo(new Dirty.Events(few.first(), null));
    Object event = world.table.get("~event/go").value();
    for (int i = 0; i <= 10_000; i++) {
      dirty.note(List.of(new EntryWrite.Put("~event/" + i, 0, event)), 100 + i);
    }
    assertThat(dirty.takeEvents()).isEqualTo(new Dirty.Events(100, null));
  }

  @Test
  void ofTooManyKeysItIsKnownThatThereWereSome() {
    world.create("alice");
    Mail mail =
        world.ask(new Request.SendMail(MailDraft.of("user", "alice", "s", "b"))).mail().getFirst();
    Dirty dirty = new Dirty();
    for (int agent = 0; agent < 200; agent++) {
      noteMail(dirty, "agent-" + agent, 1000, mail);
    }
    noteMail(dirty, "late", 1, mail);
    assertThat(dirty.take("agent-7").keys()).as("as many as fit").hasSize(1000);
    assertThat(dirty.take("late").keys()).as("beyond all").isNull();
    assertThat(dirty.take("agent-8").keys()).hasSize(1000);
    noteMail(dirty, "many", 1001, mail);
    assertThat(dirty.take("many").keys()).as("beyond what one may have").isNull();
  }

  private static void noteMail(Dirty dirty, String agent, int count, Mail mail) {
    List<EntryWrite> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(new EntryWrite.Put(Keys.mail(agent, "mail-" + i), 1, mail));
    }
    dirty.note(writes, 1);
  }
}
