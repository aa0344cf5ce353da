package dev.torpor.store.file.journal;

import static dev.torpor.store.file.journal.JournalFolder.SMALL;
import static dev.torpor.store.file.journal.JournalFolder.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.torpor.disk.FaultyDisk;
import dev.torpor.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

  private static final JournalOptions ROOMY =
      new JournalOptions(1 << 20, 1024, 2, Duration.ofHours(1));

  private final FaultyDisk disk = new FaultyDisk((operation, file) -> {});
  private JournalFolder folder;

  @BeforeEach
  void makeFolder(@TempDir Path path) {
    folder = new JournalFolder(disk, path.resolve("journal"));
  }

  @Test
  void manyWritersAreAllDurableAndOnDiskInTheirOrder() throws Exception {
    int writers = 64;
    int commits = 100;
    ReentrantLock decision = new ReentrantLock();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    try (Journal journal = folder.start(ROOMY)) {
      Runnable writer =
          () -> {
            try {
              for (int i = 0; i < commits; i++) {
                long seq = decide(journal, decision);
                journal.awaitDurable(seq);
                assertThat(journal.durable()).isGreaterThanOrEqualTo(seq);
              }
            } catch (Throwable failure) {
              failures.add(failure);
            }
          };
      runAll(writers, writer);
    }
    assertThat(failures).isEmpty();
    assertThat(folder.replay().seqs())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, (long) writers * commits).boxed().toList());
    assertThat(folder.replay().replay().damages()).isEmpty();
  }

  @Test
  void whatWaitsWhileAnotherLeadsIsWrittenAtOnce() throws Exception {
    Gate gate = new Gate();
    AtomicInteger writes = new AtomicInteger();
    try (Journal journal = folder.start(ROOMY)) {
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.WRITE_DURABLY) {
              writes.incrementAndGet();
              gate.pass();
            }
          });
      append(journal, 1);
      List<Thread> threads = new ArrayList<>();
      threads.add(Thread.startVirtualThread(() -> journal.awaitDurable(1)));
      gate.awaitSomebody();
      for (long seq = 2; seq <= 20; seq++) {
        append(journal, seq);
        long mine = seq;
        threads.add(Thread.startVirtualThread(() -> journal.awaitDurable(mine)));
      }
      threads.add(Thread.startVirtualThread(() -> journal.awaitDurable(7))); // a reader
      gate.open();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(writes).hasValue(2);
    }
  }

  /** A list for which there is no memory any more once it is armed. */
  private static final class Full extends ArrayList<Waiter> {
    private static final long serialVersionUID = 1L;
    private volatile boolean isArmed;

    @Override
    public boolean add(Waiter waiter) {
      if (isArmed) {
        throw new OutOfMemoryError("tested");
      }
      return super.add(waiter);
    }
  }

  @Test
  @Timeout(20)
  void whereALeaderRunsOutOfMemoryNobodyWaitsForEver() throws Exception {
    Gate gate = new Gate();
    Full full = new Full();
    AtomicReference<GroupCommit> group = new AtomicReference<>();
    group.set(
        new GroupCommit(
            0,
            () -> {
              gate.pass();
              group.get().advance(1);
            },
            full));
    Thread leader = Thread.startVirtualThread(() -> group.get().await(1));
    gate.awaitSomebody();
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    List<Thread> followers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      followers.add(
          Thread.ofPlatform().start(() -> thrown.add(catchThrowable(() -> group.get().await(2)))));
    }
    var promise = group.get().promise(2).toCompletableFuture();
    for (Thread follower : followers) {
      await().until(() -> follower.getState() == Thread.State.WAITING);
    }
    full.isArmed = true;
    gate.open();
    leader.join();
    for (Thread follower : followers) {
      follower.join();
    }
    assertThat(thrown).hasSize(3).allMatch(JournalFailedException.class::isInstance);
    assertThat(catchThrowable(promise::join)).hasCauseInstanceOf(JournalFailedException.class);
    assertThat(group.get().hasFailed()).isTrue();
    assertThat(catchThrowable(() -> group.get().await(3)))
        .isInstanceOf(JournalFailedException.class);
    group.get().leadInTurn(() -> {}); // whose turn comes
  }

  @Test
  @Timeout(20)
  void anErrorOfTheDiskFailsTheJournalAndNobodyWaitsForEver() throws Exception {
    Journal journal = folder.start(ROOMY);
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE_DURABLY) {
            throw new OutOfMemoryError("tested");
          }
        });
    append(journal, 1);
    append(journal, 2);
    var promise = journal.whenDurable(2).toCompletableFuture();
    assertThatExceptionOfType(JournalFailedException.class)
        .isThrownBy(() -> journal.awaitDurable(1));
    assertThat(catchThrowable(promise::join)).hasCauseInstanceOf(JournalFailedException.class);
    assertThat(journal.hasRoom()).isFalse();
    journal.close();
  }

  @Test
  void anInterruptIsKeptAndHarmsNobody() throws Exception {
    Gate gate = new Gate();
    List<Boolean> interrupted = new CopyOnWriteArrayList<>();
    try (Journal journal = folder.start(ROOMY)) {
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.WRITE_DURABLY) {
              gate.pass();
            }
          });
      append(journal, 1);
      append(journal, 2);
      Runnable wait =
          () -> {
            journal.awaitDurable(2);
            interrupted.add(Thread.currentThread().isInterrupted());
          };
      List<Thread> threads =
          List.of(Thread.ofPlatform().start(wait), Thread.startVirtualThread(wait));
      gate.awaitSomebody();
      threads.forEach(Thread::interrupt);
      gate.open();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(interrupted).containsExactly(true, true);
      append(journal, 3);
      journal.awaitDurable(3);
    }
    assertThat(folder.replay().seqs()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aForceThatFailsFailsAllWhoWaitAndIsNeverTriedAgain() throws Exception {
    AtomicInteger writes = new AtomicInteger();
    Gate gate = new Gate();
    Journal journal = folder.start(SMALL);
    append(journal, 1);
    journal.awaitDurable(1);
    await().until(journal::hasRoom);
    disk.setFault(
        (operation, file) -> {
          if (operation == Operation.WRITE_DURABLY) {
            writes.incrementAndGet();
            gate.pass();
            throw new IOException("Input/output error");
          }
        });
    append(journal, 2);
    append(journal, 3);
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (long seq : new long[] {2, 3, 3}) {
      threads.add(
          Thread.startVirtualThread(
              () -> failures.add(catchThrowable(() -> journal.awaitDurable(seq)))));
    }
    gate.awaitSomebody();
    var promise = journal.whenDurable(3).toCompletableFuture();
    gate.open();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures)
        .hasSize(3)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOf(JournalFailedException.class)
                    .hasRootCauseMessage("Input/output error"));
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(promise::join)
        .withCauseInstanceOf(JournalFailedException.class);
    assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> append(journal, 4));
    assertThatExceptionOfType(JournalFailedException.class)
        .isThrownBy(() -> journal.awaitRoom(Duration.ZERO));
    assertThat(journal.hasRoom()).isFalse();
    journal.awaitDurable(1);
    journal.close();
    assertThat(writes).hasValue(1);
    assertThat(folder.replay().seqs()).startsWith(1L);
  }

  @Test
  void aPromiseIsKeptThoughNobodyWaits() throws Exception {
    try (Journal journal = folder.start(ROOMY)) {
      List<Long> kept = new CopyOnWriteArrayList<>();
      for (long seq = 1; seq <= 200; seq++) {
        append(journal, seq);
        long mine = seq;
        journal.whenDurable(seq).thenRun(() -> kept.add(mine));
      }
      await().until(() -> kept.size() == 200);
      assertThat(journal.durable()).isEqualTo(200);
      assertThat(journal.whenDurable(3).toCompletableFuture()).isCompleted();
    }
  }

  /** The gate holds the promise open until something depends on it, which then runs elsewhere. */
  @Test
  void aPromiseWhoseDependentBlocksHoldsUpNobody() throws Exception {
    Gate force = new Gate();
    Gate dependent = new Gate();
    try (Journal journal = folder.start(ROOMY)) {
      disk.setFault(
          (operation, file) -> {
            if (operation == Operation.WRITE_DURABLY) {
              force.pass();
            }
          });
      append(journal, 1);
      var promise = journal.whenDurable(1);
      force.awaitSomebody();
      promise.thenRun(dependent::pass);
      force.open();
      dependent.awaitSomebody();
      append(journal, 2);
      journal.awaitDurable(2);
    } finally {
      dependent.open();
    }
  }

  /** Pairs meet, so that nobody comes later who would make good for a waiter that was forgotten. */
  @Test
  @Timeout(60)
  void nobodyIsForgottenThoughALeaderJustStopped() throws Exception {
    AtomicLong appended = new AtomicLong();
    AtomicReference<GroupCommit> group = new AtomicReference<>();
    group.set(new GroupCommit(0, () -> group.get().advance(appended.get())));
    AtomicInteger here = new AtomicInteger();
    int rounds = 5_000;
    Runnable one =
        () -> {
          for (int round = 1; round <= rounds; round++) {
            here.incrementAndGet();
            while (here.get() < 2 * round) {
              Thread.yield();
            }
            group.get().await(appended.incrementAndGet());
          }
        };
    Thread other = Thread.ofPlatform().daemon().start(one);
    one.run();
    other.join();
    assertThat(group.get().durable()).isEqualTo(2L * rounds);
  }

  private static long decide(Journal journal, ReentrantLock decision) throws Exception {
    while (true) {
      decision.lock();
      try {
        if (journal.hasRoom()) {
          long seq = journal.appended() + 1;
          append(journal, seq);
          return seq;
        }
      } finally {
        decision.unlock();
      }
      journal.awaitRoom(Duration.ofSeconds(10));
    }
  }

  private static void runAll(int count, Runnable work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(Thread.startVirtualThread(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Holds up whoever comes until it is opened. */
  private static final class Gate {

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
      arrived.countDown();
      boolean interrupted = false;
      while (open.getCount() > 0) {
        try {
          open.await();
        } catch (InterruptedException remembered) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void awaitSomebody() throws InterruptedException {
      arrived.await();
    }

    void open() {
      open.countDown();
    }
  }
}
