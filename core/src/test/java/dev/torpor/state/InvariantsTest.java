package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each invariant, broken once. */
class InvariantsTest {
  private static final String A = "alice";

  private final World world = new World();
  private AgentSnapshot good;

  @BeforeEach
  void create() {
    world.create(A, "bob");
    world.ask(new Request.PutMemory(A, "k", 1));
    world.ask(new Request.AppendMessage(A, Message.user("m")));
    world.ask(new Request.AppendMessage(A, Message.user("n")));
    world.ask(new Request.SendMail(MailDraft.of("bob", A, "s", "b")));
    world.ask(new Request.SendMail(MailDraft.of(A, "bob", "s", "b").expectsReply(true, null)));
    world.submit(A);
    world.finish(world.start(A));
    world.submit(A);
    world.start(A);
    world.submit(A);
    good = AgentSnapshot.of(A, world.fold);
  }

  private AgentSnapshot with(Consumer<Session.Edit> change) {
    Session.Edit edit = good.session().edit();
    change.accept(edit);
    return new AgentSnapshot(
        edit.done(),
        good.sleep(),
        good.memory(),
        good.tasks(),
        good.messages(),
        good.received(),
        good.sent());
  }

  private AgentSnapshot withTasks(UnaryOperator<List<Task>> change) {
    return new AgentSnapshot(
        good.session(),
        null,
        good.memory(),
        change.apply(new ArrayList<>(good.tasks())),
        good.messages(),
        good.received(),
        good.sent());
  }

  private static Task task(Task t, String agent, TaskStatus status, int attempt, long turn) {
    return new Task(
        t.taskId(),
        agent,
        t.type(),
        t.prompt(),
        t.payload(),
        t.priority(),
        status,
        attempt,
        t.maxAttempts(),
        t.recoveries(),
        t.submittedAt(),
        null,
        null,
        t.startedAt(),
        t.finishedAt(),
        t.result(),
        t.error(),
        t.order(),
        t.steps(),
        turn,
        turn);
  }

  private static void assertBroken(AgentSnapshot agent, String what) {
    assertThat(Invariants.broken(agent)).anySatisfy(said -> assertThat(said).contains(A, what));
  }

  @Test
  void nothingIsBrokenInWhatTheRulesMade() {
    assertThat(Invariants.broken(good)).isEmpty();
  }

  @Test
  void aSessionThatContradictsItself() {
    assertBroken(with(s -> s.version = 0), "version is 0");
    assertBroken(with(s -> s.status = AgentStatus.IDLE), "IDLE with 1 tasks in progress");
    assertBroken(with(s -> s.status = AgentStatus.SLEEPING), "SLEEPING and has no sleep");
    assertBroken(with(s -> s.status = AgentStatus.WAITING), "waiting and no task");
    Sleep sleep = new Sleep(world.now, null, List.of("e"), null, false, 1);
    assertBroken(
        with(
            s -> {
              s.status = AgentStatus.STOPPED;
              s.sleepRequest = sleep;
            }),
        "asks to sleep");
    assertBroken(
        with(
            s -> {
              s.status = AgentStatus.STOPPED;
              s.stopRequested = true;
            }),
        "is to stop");
    assertBroken(
        new AgentSnapshot(
            good.session(),
            sleep,
            List.of(),
            good.tasks(),
            good.messages(),
            good.received(),
            good.sent()),
        "ACTIVE and has a sleep");
  }

  @Test
  void tasksThatAreNotWhatTheSessionCounts() {
    assertBroken(with(s -> s.tasks = TaskCounts.NONE), "counted");
    assertBroken(withTasks(t -> t.subList(1, 3)), "counted");
    assertBroken(withTasks(t -> List.of(t.get(0), t.get(0), t.get(1), t.get(2))), "there twice");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(0), "bob", TaskStatus.COMPLETED, 1, 0))), "another's");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(0), A, TaskStatus.COMPLETED, 0, 0))), "attempt 0");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(0), A, TaskStatus.PENDING, 1, 0))),
        "has a time of its end");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(0), A, TaskStatus.COMPLETED, 1, 5))), "in turn 5");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(2), A, TaskStatus.IN_PROGRESS, 1, 5))),
        "2 tasks are in progress");
    assertBroken(
        withTasks(t -> replace(t, task(t.get(2), A, TaskStatus.FAILED, 1, 0))),
        "has not a time of its end");
  }

  private static List<Task> replace(List<Task> tasks, Task by) {
    tasks.replaceAll(task -> task.taskId().equals(by.taskId()) ? by : task);
    return tasks;
  }

  @Test
  void aHistoryWithAGap() {
    List<Message> messages = good.messages();
    assertBroken(
        new AgentSnapshot(
            good.session(),
            null,
            List.of(),
            good.tasks(),
            messages.subList(1, 2),
            good.received(),
            good.sent()),
        "message 1 is at 0");
    assertBroken(with(s -> s.messages = 3), "2 messages, counted 3");
  }

  @Test
  void mailThatIsNotWhatTheSessionCounts() {
    assertBroken(with(s -> s.mail = new MailCounts(0, 1)), "counted");
    assertBroken(with(s -> s.mail = new MailCounts(1, 0)), "counted");
    assertBroken(
        new AgentSnapshot(
            good.session(),
            null,
            List.of(),
            good.tasks(),
            good.messages(),
            good.sent(),
            good.received()),
        "another's");
    Mail mail = good.received().getFirst();
    assertBroken(
        new AgentSnapshot(
            good.session(),
            null,
            List.of(),
            good.tasks(),
            good.messages(),
            List.of(mail, mail),
            good.sent()),
        "there twice");
  }
}
