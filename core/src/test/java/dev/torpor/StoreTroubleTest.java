package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the runtime does when its store is full, slow, or somebody else was faster. */
class StoreTroubleTest {
  @TempDir private Path folder;

  private static TorporBuilder with(MeddledStore store) {
    return Torpor.with(store).grace(Duration.ofMillis(50));
  }

  private static void sleep(Torpor torpor, String agent, SleepDraft sleep) {
    torpor.agent(agent, AgentSpec.of("none"));
    torpor.perform(new Request.PutToSleep(agent, sleep), Terms.NONE);
  }

  @Test
  void timersRestOnAFullStoreAndGoOnWhenThereIsSpace() {
    MeddledStore store = new MeddledStore(folder);
    try (Torpor torpor = with(store).open()) {
      Duration soon = Duration.ofMillis(200);
      sleep(torpor, "a", new SleepDraft(soon, null, List.of(), null, false));
      store.isFull = true;
      await().until(() -> store.refusals.get() > 0);
      await()
          .during(Duration.ofMillis(300))
          .untilAsserted(() -> assertThat(store.refusals).hasValueLessThanOrEqualTo(2));
      store.isFull = false;
      await().until(() -> torpor.view("a").sleep() == null);
    }
  }

  @Test
  void aTurnWaitsForSpaceWithItsResultAndRestsBetweenItsTries() throws Exception {
    MeddledStore store = new MeddledStore(folder);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch full = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    try (Torpor torpor = with(store).open()) {
      torpor.behavior(
          "b",
          turn -> {
            begun.countDown();
            full.await();
            turn.step("s", runs::incrementAndGet);
          });
      Task task = torpor.agent("a", AgentSpec.of("b")).submit("p");
      begun.await();
      store.isFull = true;
      full.countDown();
      await().until(() -> store.refusals.get() > 0);
      await()
          .during(Duration.ofMillis(300))
          .untilAsserted(() -> assertThat(store.refusals).hasValueLessThanOrEqualTo(2));
      assertThatThrownBy(() -> torpor.agent("a").submit("refused"))
          .isInstanceOfSatisfying(
              TorporException.class, e -> assertThat(e.reason()).isEqualTo("full"));
      store.isFull = false;
      assertThat(Folders.await(torpor, task).status()).isEqualTo(TaskStatus.COMPLETED);
      assertThat(runs).hasValue(1);
    }
  }

  /** Nobody but the dispatcher asks for space here: reads need none. */
  @Test
  void aTurnThatCouldNotBeginForLackOfSpaceBeginsWhenThereIsSome() {
    AtomicBoolean isFull = new AtomicBoolean();
    FaultyDisk disk =
        new FaultyDisk(
            (operation, file) -> {
              if (operation == Operation.WRITE && isFull.get()) {
                throw new IOException("No space left on device");
              }
            });
    JournalOptions small = new JournalOptions(16 << 10, 8 << 10, 1, Duration.ofMillis(50));
    StateStore store =
        FileStore.open(
            disk,
            folder,
            new JsonStateSerializer(),
            StateValidator.INVARIANTS,
            Clock.systemUTC(),
            small);
    try (Torpor torpor = Torpor.with(store).open()) {
      Agent agent = torpor.agent("a", AgentSpec.of("later"));
      Task task = agent.submit("p");
      isFull.set(true);
      assertThatThrownBy(
              () -> {
                while (true) {
                  agent.remember("k", "x".repeat(5000));
                }
              })
          .isInstanceOfSatisfying(
              TorporException.class, e -> assertThat(e.reason()).isEqualTo("full"));
      torpor.behavior("later", Folders::echo);
      assertThat(torpor.task(task.taskId()).status()).isEqualTo(TaskStatus.PENDING);
      isFull.set(false);
      assertThat(Folders.await(torpor, task).status()).isEqualTo(TaskStatus.COMPLETED);
    }
  }

  @Test
  void anOpeningThatFailsLetsTheFolderGo() {
    MeddledStore store = new MeddledStore(folder);
    store.isFull = true;
    assertThatThrownBy(() -> with(store).open())
        .isInstanceOfSatisfying(
            TorporException.class, e -> assertThat(e.reason()).isEqualTo("full"));
    Torpor.open(folder).close();
  }

  @Test
  void whoIsDeletedMeanwhileIsNotSavedAndHarmsNobody() {
    MeddledStore store = new MeddledStore(folder);
    try (Torpor torpor = with(store).open()) {
      for (String id : List.of("a", "b", "c", "d")) {
        torpor.agent(id, AgentSpec.of("none"));
      }
      store.beforeDurable = deletingOnce(store, torpor.agent("b"));
      assertThat(torpor.saveAll()).isEqualTo(3);
      store.beforeDurable = deletingOnce(store, torpor.agent("c"));
      assertThat(torpor.restoreAll()).containsExactly("a", "d");
    }
  }

  private static Runnable deletingOnce(MeddledStore store, Agent agent) {
    return () -> {
      store.beforeDurable = () -> {};
      agent.delete();
    };
  }

  /** Each of the two sees everything that it looks at before the other changes any of it. */
  @Test
  void aBroadcastThatIsAskedForTwiceAtOnceUnderOneKeyHappensOnce() throws Exception {
    MeddledStore store = new MeddledStore(folder);
    try (Torpor torpor = with(store).open()) {
      sleep(torpor, "a", new SleepDraft(null, null, List.of("go"), null, false));
      CyclicBarrier both = new CyclicBarrier(2);
      store.beforeDurable = () -> meet(both);
      Terms terms = new Terms("key", null);
      CompletableFuture<Broadcast> other =
          CompletableFuture.supplyAsync(
              () -> torpor.broadcast("go", 1, terms), task -> new Thread(task, "asking").start());
      Broadcast mine =
          CompletableFuture.supplyAsync(
                  () -> torpor.broadcast("go", 1, terms),
                  task -> new Thread(task, "asking").start())
              .get(20, TimeUnit.SECONDS);
      assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo(mine);
      assertThat(mine.woken()).isEqualTo(1);
      store.beforeDurable = () -> {};
      assertThat(torpor.broadcast("go", 1, terms)).isEqualTo(mine);
      assertThatThrownBy(() -> torpor.broadcast("go", 2, terms))
          .isInstanceOfSatisfying(
              TorporException.class,
              e -> assertThat(e.reason()).isEqualTo("idempotency_key_reused"));
    }
  }

  private static void meet(CyclicBarrier both) {
    if (Thread.currentThread().getName().equals("asking")) {
      try {
        both.await(1, TimeUnit.SECONDS);
      } catch (TimeoutException | BrokenBarrierException alone) {
        // the other waits for something else by now
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aBroadcastReachesAllHoweverMuchItSays() {
    try (Torpor torpor = Folders.quick(folder).open()) {
      int sleepers = 20;
      for (int i = 0; i < sleepers; i++) {
        sleep(torpor, "a" + i, new SleepDraft(null, null, List.of("go"), null, true));
      }
      String much = "x".repeat(1_000_000);
      assertThat(torpor.broadcast("go", much, Terms.NONE).woken()).isEqualTo(sleepers);
      Task woken = torpor.tasks("a7", null, 1, null).items().getFirst();
      assertThat(woken.type()).isEqualTo(Task.WAKE);
      assertThat(woken.payload().toString()).contains(much);
    }
  }

  /** The timers' thread sees the old time when it looks for work, and the new one afterwards. */
  @Test
  void aClockThatIsSetForwardByCenturiesStopsNoTimer() {
    AtomicInteger looks = new AtomicInteger();
    Instant old = Instant.parse("1500-01-01T00:00:00Z");
    InstantSource clock =
        () -> {
          boolean timer = Thread.currentThread().getName().equals("torpor-timers");
          boolean early = timer ? looks.incrementAndGet() < 4 : looks.get() < 4;
          return early ? old : Instant.parse("2026-01-01T00:00:00Z");
        };
    try (Torpor torpor = Torpor.at(folder).clock(clock.withZone(ZoneOffset.UTC)).open()) {
      Instant until = Instant.parse("1600-01-01T00:00:00Z");
      sleep(torpor, "a", new SleepDraft(null, until, List.of(), null, false));
      await().until(() -> torpor.view("a").sleep() == null);
    }
  }

  @Test
  void noDurationIsTooLong() throws Exception {
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    try (Torpor torpor = Folders.quick(folder).keepIdempotencyKeys(ever).open()) {
      Agent agent = torpor.agent("a", AgentSpec.of("echo"));
      assertThat(torpor.cleanUp(ever)).isEmpty();
      assertThat(agent.await(agent.submit("p").taskId(), ever).result()).isEqualTo("p");
      Request<Boolean> put = new Request.PutMemory("a", "k", 1);
      Terms terms = new Terms("key", null);
      assertThat(torpor.perform(put, terms)).isEqualTo(torpor.perform(put, terms));
      assertThat(torpor.cleanUp(Duration.ZERO)).containsExactly("a");
    }
  }

  @Test
  void aTimeThatNoKeyCanHoldIsRefused() {
    try (Torpor torpor = Folders.quick(folder).open()) {
      for (Instant until :
          List.of(Instant.MIN, Instant.MAX, Instant.EPOCH.minusSeconds(1L << 37))) {
        assertThatThrownBy(
                () -> sleep(torpor, "a", new SleepDraft(null, until, List.of(), null, false)))
            .isInstanceOfSatisfying(
                TorporException.class, e -> assertThat(e.field()).isEqualTo("until"));
      }
    }
  }
}
