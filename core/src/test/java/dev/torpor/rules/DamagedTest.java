package dev.torpor.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Change;
import dev.torpor.state.Deleted;
import dev.torpor.state.Delivery;
import dev.torpor.state.Entry;
import dev.torpor.state.EntrySource;
import dev.torpor.state.EntryWrite;
import dev.torpor.state.Fold;
import dev.torpor.state.ImportedEntry;
import dev.torpor.state.Invariants;
import dev.torpor.state.KeyNames;
import dev.torpor.state.Keys;
import dev.torpor.state.Limits;
import dev.torpor.state.Loss;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Stamp;
import dev.torpor.state.Task;
import dev.torpor.state.TaskSpec;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An agent of which a part was lost: it does nothing, says so, and what comes to it is kept. */
class DamagedTest {
  private final World world = new World();

  @BeforeEach
  void makeAgents() {
    create("alice");
    create("bob");
  }

  private void create(String id) {
    ask(new Request.CreateAgent(id, null, "echo", Map.of(), List.of(), Map.of(), true));
  }

  private <R> R ask(Request<R> request) {
    return world.decide(draft -> Rules.decide(draft, request, Terms.NONE));
  }

  private void damage() {
    world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("alice", 40, 17, 30L, "a test did it"));
          return true;
        });
  }

  private Refusal refused(Request<?> request) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> ask(request));
    assertThat(refusal).as("%s", request).isNotNull();
    assertThat(refusal.kind()).as("%s", request).isEqualTo(Refusal.Kind.DAMAGED);
    return refusal;
  }

  private List<String> keys(String prefix) {
    List<String> keys = new ArrayList<>();
    world.table.scan(prefix).forEachRemaining(entry -> keys.add(entry.key()));
    return keys;
  }

  @Test
  void whatIsLeftOfItIsItsSessionAndWhatItLost() {
    Task later = submit(TaskSpec.of("p").notBefore(world.now.plusSeconds(60)));
    submit(TaskSpec.of("p"));
    ask(new Request.AppendMessage("alice", Message.user("hello")));
    ask(
        new Request.PutToSleep(
            "alice", new SleepDraft(Duration.ofHours(1), null, List.of("e"), null, false)));
    damage();
    assertThat(keys("alice/")).containsExactly("alice/loss", "alice/session");
    assertThat(keys(Keys.DUE)).isEmpty();
    assertThat(keys("~wakes/")).isEmpty();
    assertThat(keys("~status/")).containsExactly("~status/damaged/alice", "~status/idle/bob");
    assertThat(keys(Keys.TASKS)).as("by which it is found whose they were").hasSize(2);
    AgentState alice = world.fold.agent("alice");
    assertThat(alice.version()).isEqualTo(40);
    assertThat(alice.loss()).isEqualTo(new Loss(17, 30L, world.now, "a test did it"));
    assertThat(world.fold.counts().of(AgentStatus.DAMAGED)).isEqualTo(1);
    assertThat(Invariants.broken(AgentSnapshot.of("alice", world.table))).isEmpty();
    assertThat(refused(new Request.CancelTask(later.taskId(), null)).loss())
        .isEqualTo(alice.loss());
  }

  private Task submit(TaskSpec spec) {
    return ask(new Request.SubmitTask("alice", spec));
  }

  @Test
  void whoeverTouchesItIsToldWhatItLost() {
    damage();
    for (Request<?> request :
        List.<Request<?>>of(
            new Request.StartAgent("alice"),
            new Request.StopAgent("alice"),
            new Request.WakeAgent("alice", null),
            new Request.PutMemory("alice", "k", 1),
            new Request.AppendMessage("alice", Message.user("hello")),
            new Request.TakeMail("alice", 10),
            new Request.SendMail(MailDraft.of("alice", "bob", "s", "b")))) {
      Refusal refusal = refused(request);
      assertThat(refusal.loss()).isNotNull();
      assertThat(refusal).hasMessageContaining("a test did it");
    }
    Refusal again = catchThrowableOfType(Refusal.class, () -> create("ALICE"));
    assertThat(again.kind()).isEqualTo(Refusal.Kind.CONFLICT);
  }

  @Test
  void mailAndTasksThatComeToItAreKept() {
    damage();
    Mail mail = ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"))).mail().getFirst();
    assertThat(mail.status()).isEqualTo(MailStatus.UNREAD);
    Task task = submit(TaskSpec.of("do it"));
    assertThat(values(Keys.deliveries("alice")))
        .containsExactlyInAnyOrder(
            new Delivery(mail.messageId(), mail, null, world.now),
            new Delivery(task.taskId(), null, TaskSpec.of("do it"), world.now));
    assertThat(world.fold.agent("alice").version()).isEqualTo(40);
    refused(new Request.CancelTask(task.taskId(), null));
    world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("alice", 41, 17, null, "once more"));
          return true;
        });
    assertThat(keys(Keys.deliveries("alice"))).hasSize(2);
  }

  /** What documents would say of alice. */
  private record Saved(Session session, List<ImportedEntry> entries) {}

  private Saved saved() {
    List<ImportedEntry> entries = new ArrayList<>();
    for (Entry entry : entries("alice/")) {
      if (!(entry.value() instanceof String) && !(entry.value() instanceof Session)) {
        entries.add(new ImportedEntry(entry.key(), entry.version(), entry.value()));
      }
    }
    return new Saved(world.agent("alice").session(), entries);
  }

  private List<Entry> entries(String prefix) {
    List<Entry> entries = new ArrayList<>();
    world.table.scan(prefix).forEachRemaining(entries::add);
    return entries;
  }

  private long begun;

  private void begin(Saved saved) {
    begun = world.seq() + 1;
    world.decide(
        draft -> {
          ImportRules.beginRestore(draft, "alice", saved.entries());
          ImportRules.add(draft, "alice", saved.entries());
          return true;
        });
  }

  private void end(Saved saved) {
    world.decide(
        draft -> {
          ImportRules.checkGoesOn(draft, "alice", begun);
          ImportRules.end(draft, saved.session(), ImportRules.lastVersion(draft, "alice"));
          return true;
        });
  }

  private int take() {
    int portions = 0;
    boolean more = true;
    while (more) {
      more = world.decide(draft -> DeliveryRules.take(draft, "alice"));
      portions++;
    }
    return portions;
  }

  private void assertSound() {
    assertThat(Invariants.broken(AgentSnapshot.of("alice", world.table))).isEmpty();
  }

  /** Alice with a bit of all, then damaged, with a mail and a task that came since. */
  private Saved damagedWithDeliveries() {
    submit(TaskSpec.of("before"));
    ask(new Request.AppendMessage("alice", Message.user("hello")));
    ask(new Request.PutMemory("alice", "k", 1));
    ask(new Request.SendMail(MailDraft.of("bob", "alice", "before", "b")));
    Saved saved = saved();
    damage();
    world.pass(Duration.ofSeconds(1));
    ask(new Request.SendMail(MailDraft.of("bob", "alice", "after", "b")));
    submit(TaskSpec.of("after"));
    return saved;
  }

  @Test
  void oneThatIsBackHasWhatItHadAboveItsVersionsAndTakesWhatCameOnceAndInOrder() {
    Saved saved = damagedWithDeliveries();
    ask(new Request.SendMail(MailDraft.of("bob", "alice", "later", "b")));
    begin(saved);
    end(saved);
    assertThat(world.agent("alice").version()).isEqualTo(41);
    assertThat(world.agent("alice").session().status()).isEqualTo(saved.session().status());
    assertThat(keys(Keys.UNTAKEN)).hasSize(1);
    assertThat(take()).isEqualTo(1);
    assertThat(take()).isEqualTo(1);
    assertThat(keys(Keys.deliveries("alice"))).isEmpty();
    assertThat(keys(Keys.UNTAKEN)).isEmpty();
    assertThat(keys(Keys.loss("alice"))).isEmpty();
    assertThat(values(Keys.mail("alice")))
        .extracting(value -> ((Mail) value).subject())
        .containsExactly("before", "after", "later");
    assertThat(values(Keys.tasks("alice")))
        .extracting(value -> ((Task) value).prompt())
        .containsExactly("before", "after");
    assertThat(world.agent("alice").session().mail().unread()).isEqualTo(3);
    assertThat(world.agent("alice").session().messages()).isEqualTo(1);
    assertThat(world.fold.counts().of(AgentStatus.DAMAGED)).isZero();
    assertThat(keys("~status/damaged/")).isEmpty();
    assertSound();
    world.start("alice");
    assertThat(world.last).as("it runs again").isNotEmpty();
  }

  @Test
  void whatItHasTakenAlreadyIsNotTakenAgain() {
    damage();
    Mail mail = ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"))).mail().getFirst();
    Task task = submit(TaskSpec.of("do it"));
    List<Entry> kept = entries(Keys.deliveries("alice"));
    Saved nothing = new Saved(session("alice"), List.of());
    begin(nothing);
    end(nothing);
    take();
    world.start("alice");
    world.finish(world.agent("alice").task(task.taskId()));
    Saved saved = saved();
    world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("alice", 90, 60, 80L, "once more"));
          kept.forEach(
              e -> draft.emit(new Change.DeliveryKept("alice", (Delivery) e.value()))); // as if
          return true;
        });
    begin(saved);
    end(saved);
    take();
    assertThat(keys(Keys.deliveries("alice"))).isEmpty();
    assertThat(keys(Keys.UNTAKEN)).isEmpty();
    assertThat(world.agent("alice").task(task.taskId()).status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(world.agent("alice").session().tasks().pending()).isZero();
    assertThat(world.agent("alice").mail(mail.messageId())).isNotNull();
    assertThat(world.fold.owner(Keys.anyTask(task.taskId()))).isEqualTo("alice");
    assertThat(world.fold.owner(Keys.anyMail(mail.messageId()))).isEqualTo("alice");
    assertSound();
  }

  /** A session as that of a new agent. */
  private Session session(String id) {
    World other = new World();
    other.decide(
        draft ->
            Rules.decide(
                draft,
                new Request.CreateAgent(id, null, "echo", Map.of(), List.of(), Map.of(), true),
                Terms.NONE));
    return other.agent(id).session();
  }

  @Test
  void bringingOneBackThatIsCutOffLeavesItDamagedWithAllThatCame() {
    Saved saved = damagedWithDeliveries();
    Session damaged = world.agent("alice").session();
    begin(saved);
    refused(new Request.StartAgent("alice"));
    submit(TaskSpec.of("meanwhile"));
    world.decide(
        draft -> {
          ImportRules.drop(draft, "alice");
          return true;
        });
    assertThat(world.agent("alice").session()).isEqualTo(damaged);
    assertThat(keys("alice/"))
        .hasSize(8)
        .allMatch(key -> key.matches("alice/((delivery|kept)/.*|loss|session)"));
    begin(saved);
    begin(saved); // as when nobody took the first back
    end(saved);
    take();
    assertThat(values(Keys.tasks("alice"))).hasSize(3);
    assertSound();
  }

  @Test
  void oneThatIsDeletedWhileItIsBroughtBackStaysDeleted() {
    Saved saved = damagedWithDeliveries();
    begin(saved);
    ask(new Request.DeleteAgent("alice"));
    assertThat(catchThrowableOfType(Refusal.class, () -> end(saved)).kind())
        .isEqualTo(Refusal.Kind.CONFLICT);
    assertThat(keys("alice/")).isEmpty();
    assertThat(keys(Keys.IMPORTS)).isEmpty();
    assertThat(catchThrowableOfType(Refusal.class, () -> begin(saved)).kind())
        .isEqualTo(Refusal.Kind.NOT_FOUND);
    create("alice");
    assertThat(catchThrowableOfType(Refusal.class, () -> begin(saved)).kind())
        .isEqualTo(Refusal.Kind.CONFLICT);
  }

  @Test
  void bringingOneBackEndsWhereAnotherImportOfItBegan() {
    Saved saved = damagedWithDeliveries();
    begin(saved);
    ask(new Request.DeleteAgent("alice"));
    world.decide(
        draft -> {
          ImportRules.begin(draft, "alice");
          return true;
        });
    assertThat(catchThrowableOfType(Refusal.class, () -> end(saved)).reason())
        .isEqualTo("agent_deleted");
    world.decide(
        draft -> {
          ImportRules.drop(draft, "alice", begun);
          return true;
        });
    assertThat(keys(Keys.IMPORTS)).as("it is another's").hasSize(1);
  }

  @Test
  void noMoreIsKeptThanTheLimitSaysAndThatIsSaid() {
    world.limits = new Limits(128, 1000, 256, 1000, 128, 10, 10, 2, 20);
    Saved saved = damagedWithDeliveries();
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> submit(TaskSpec.of("too many")));
    assertThat(refusal.reason()).isEqualTo("max_kept_deliveries");
    Mail mail = ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"))).mail().getFirst();
    assertThat(mail.status()).isEqualTo(MailStatus.UNDELIVERABLE);
    assertThat(keys(Keys.deliveries("alice"))).hasSize(2);
    begin(saved);
    end(saved);
    take();
    assertSound();
  }

  @Test
  void whatCameIsTakenInPortionsWhichMayBeCutOff() {
    Saved saved = saved();
    damage();
    for (int i = 0; i < 150; i++) {
      submit(TaskSpec.of("task " + i));
    }
    begin(saved);
    end(saved);
    assertThat(world.<Boolean>decide(draft -> DeliveryRules.take(draft, "alice"))).isTrue();
    assertThat(DeliveryRules.untaken(world.fold)).containsExactly("alice");
    assertThat(take()).isEqualTo(1);
    assertThat(DeliveryRules.untaken(world.fold)).isEmpty();
    assertThat(values(Keys.tasks("alice")))
        .extracting(value -> ((Task) value).prompt())
        .startsWith("task 0", "task 1")
        .hasSize(150);
    assertSound();
  }

  @Test
  void whatCameIsReadAPortionAtATimeInTheOrderInWhichItCame() {
    Saved saved = saved();
    damage();
    for (int i = 0; i < 300; i++) {
      world.pass(Duration.ofSeconds(1));
      Delivery delivery = // whatever its id is
          new Delivery("t" + (999 - i), null, TaskSpec.of("task " + i), world.now);
      world.decide(
          draft -> {
            draft.emit(new Change.DeliveryKept("alice", delivery));
            return true;
          });
    }
    begin(saved);
    end(saved);
    List<String> read = new ArrayList<>();
    EntrySource counting =
        new EntrySource() {
          @Override
          public @Nullable Entry get(String key) {
            read.add(key);
            return world.table.get(key);
          }

          @Override
          public Iterator<Entry> scan(String prefix, String from) {
            assertThat(prefix).isNotEqualTo(Keys.deliveries("alice"));
            return world.table.scan(prefix, from);
          }
        };
    Fold fold = new Fold(counting, KeyNames.PERCENT_ENCODED);
    Draft draft = new Draft(fold, new Stamp(world.seq() + 1, world.now), world.limits, () -> "x");
    assertThat(DeliveryRules.take(draft, "alice")).isTrue();
    assertThat(read)
        .filteredOn(key -> key.startsWith(Keys.deliveries("alice")))
        .contains(Keys.delivery("alice", "t999"), Keys.delivery("alice", "t900"))
        .doesNotContain(Keys.delivery("alice", "t898"));
    assertThat(take()).isEqualTo(3);
    assertThat(keys(Keys.queue("alice")))
        .extracting(Keys::last)
        .startsWith("t999", "t998", "t997")
        .hasSize(300);
    assertThat(keys("alice/kept/")).isEmpty();
    assertSound();
  }

  private List<Object> values(String prefix) {
    List<Object> values = new ArrayList<>();
    world.table.scan(prefix).forEachRemaining((Entry entry) -> values.add(entry.value()));
    return values;
  }

  @Test
  void oneOfWhichNothingIsLeftIsThereToo() {
    world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged("carol", 3, 1, 2L, "all of it"));
          return true;
        });
    assertThat(refused(new Request.StartAgent("carol")).loss()).isNotNull();
    assertThat(keys(Keys.IDS)).contains("~id/carol");
  }

  @Test
  void whenItWasCreatedIsKnownThroughDamagesOrNot() {
    Instant created = world.agent("alice").session().createdAt();
    world.pass(Duration.ofHours(1));
    damage("alice", 40);
    damage("carol", 40);
    assertThat(world.agent("carol").session().createdAt()).isEqualTo(loss("carol").at());
    world.pass(Duration.ofHours(1));
    damage("alice", 41);
    damage("carol", 41);
    assertThat(world.agent("alice").session().createdAt()).isEqualTo(created);
    assertThat(world.agent("carol").session().createdAt())
        .as("not known: the time of its loss")
        .isEqualTo(loss("carol").at());
  }

  private void damage(String id, long version) {
    world.decide(
        draft -> {
          draft.emit(new Change.AgentDamaged(id, version, 1, null, "a test did it"));
          return true;
        });
  }

  private Loss loss(String id) {
    return world.agent(id).loss();
  }

  @Test
  void nothingOfAnEarlierLifeIsLeftOfOneThatIsDamaged() {
    Mail mail = ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b"))).mail().getFirst();
    damage();
    List<Entry> before = entries("alice/");
    Delivery delivery = new Delivery(mail.messageId(), mail, null, world.now);
    ask(new Request.DeleteAgent("alice"));
    Deleted deleted = (Deleted) world.fold.value(Keys.deleted("alice"));
    List<EntryWrite> back = new ArrayList<>(); // as if that it was removed were lost
    before.forEach(e -> back.add(new EntryWrite.Put(e.key(), e.version(), e.value())));
    back.add(new EntryWrite.Put(Keys.delivery("alice", delivery.id()), 0, delivery));
    world.table.apply(back, 1);
    damage("alice", deleted.version() + 1);
    assertThat(keys("alice/")).containsExactly("alice/loss", "alice/session");
    assertThat(world.agent("alice").session().createdAt()).isEqualTo(loss("alice").at());
    assertThat(
            catchThrowableOfType(
                IllegalStateException.class, () -> damage("alice", deleted.version())))
        .isNotNull();
  }

  @Test
  void itCanBeDeletedAndCreatedAgainAboveAllItsVersions() {
    damage();
    ask(new Request.SendMail(MailDraft.of("bob", "alice", "s", "b")));
    ask(new Request.DeleteAgent("alice"));
    assertThat(keys("alice/")).isEmpty();
    create("alice");
    assertThat(world.fold.agent("alice").version()).isEqualTo(42);
    assertThat(world.fold.agent("alice").session().status()).isEqualTo(AgentStatus.IDLE);
  }

  @Test
  void aVersionThatItHadIsNoVersionOfItsDamage() {
    assertThat(
            catchThrowableOfType(
                IllegalStateException.class,
                () ->
                    world.decide(
                        draft -> {
                          draft.emit(new Change.AgentDamaged("alice", 1, 1, 1L, "x"));
                          return true;
                        })))
        .isNotNull();
  }
}
