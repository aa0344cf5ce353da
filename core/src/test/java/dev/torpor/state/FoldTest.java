package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that do not fit the state, and what is not yet taken. */
class FoldTest {
  private static final String A = "alice";

  private final World world = new World();

  @BeforeEach
  void create() {
    world.create(A);
  }

  private void assertDoesNotFit(Change change) {
    assertThatIllegalStateException()
        .isThrownBy(() -> world.fold.apply(change, new Stamp(world.seq() + 1, world.now)));
    world.fold.undo();
  }

  @Test
  void aChangeThatDoesNotFitIsAnError() {
    Task task = world.submit(A);
    Task turn = world.start(A);
    long next = world.agent(A).version() + 1;
    String id = task.taskId();
    assertDoesNotFit(new Change.AgentStarted("nobody", 1));
    assertDoesNotFit(new Change.AgentStarted(A, next + 1));
    assertDoesNotFit(new Change.AgentStarted(A, next - 1));
    assertDoesNotFit(new Change.AgentDeleted(A, next + 1));
    assertDoesNotFit(
        new Change.AgentCreated(
            A, next, A, "b", java.util.Map.of(), List.of(), java.util.Map.of(), true));
    assertDoesNotFit(
        new Change.AgentCreated(
            "bob", 2, "bob", "b", java.util.Map.of(), List.of(), java.util.Map.of(), true));
    assertDoesNotFit(new Change.TurnStarted(A, next, id));
    assertDoesNotFit(new Change.TurnStarted(A, next, "no"));
    assertDoesNotFit(new Change.TaskSubmitted(A, next, id, TaskSpec.of("p")));
    assertDoesNotFit(new Change.MessageAppended(A, next, Message.user("m")));
    assertDoesNotFit(new Change.MailRead(A, next, List.of("no")));
    assertDoesNotFit(new Change.BroadcastDelivered(77, List.of()));
    world.finish(turn);
    assertDoesNotFit(new Change.TaskCompleted(A, world.agent(A).version() + 1, id, null));
    assertDoesNotFit(new Change.TaskCancelled(A, world.agent(A).version() + 1, id, null));
    var mail =
        world
            .ask(
                new dev.torpor.rules.Request.SendMail(
                    dev.torpor.rules.MailDraft.of(A, A, "s", "b")))
            .mail()
            .getFirst();
    assertDoesNotFit(new Change.MailDelivered(A, world.agent(A).version() + 1, mail));
  }

  @Test
  void whatIsNotTakenLiesOverTheSourceAndAnUndoLeavesNothing() {
    List<Entry> before = entries(world.fold);
    world.submit(A);
    List<Entry> after = entries(world.fold);
    long next = world.agent(A).version() + 1;
    world.fold.apply(new Change.MemoryPut(A, next, "k", 1), new Stamp(9, world.now));
    world.fold.apply(new Change.MemoryPut(A, next + 1, "k", 2), new Stamp(9, world.now));
    assertThat(world.agent(A).memory("k").value()).isEqualTo(2);
    world.fold.apply(new Change.MemoryRemoved(A, next + 2, "k"), new Stamp(9, world.now));
    assertThat(world.agent(A).memory()).isEmpty();
    world.fold.apply(new Change.AgentDeleted(A, next + 3), new Stamp(9, world.now));
    assertThat(world.fold.scan(Keys.agent(A))).isExhausted();
    assertThat(world.fold.get(Keys.session(A))).isNull();
    world.fold.undo();
    assertThat(entries(world.fold)).isEqualTo(after).isNotEqualTo(before);
    assertThat(world.fold.take()).isEmpty();
  }

  static List<Entry> entries(EntrySource source) {
    List<Entry> entries = new java.util.ArrayList<>();
    source.scan("").forEachRemaining(entries::add);
    return entries;
  }
}
