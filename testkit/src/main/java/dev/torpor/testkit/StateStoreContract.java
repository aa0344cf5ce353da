package dev.torpor.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.Change;
import dev.torpor.state.Entry;
import dev.torpor.state.Fold;
import dev.torpor.state.Invariants;
import dev.torpor.state.Keys;
import dev.torpor.state.Message;
import dev.torpor.state.Stamp;
import dev.torpor.state.TaskSpec;
import dev.torpor.store.Commit;
import dev.torpor.store.LoadingSource;
import dev.torpor.store.Owned;
import dev.torpor.store.StateStore;
import dev.torpor.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What any store must do. To test a store, extend this and say how it is opened; each test gets a
 * store of its own with nothing in it.
 */
public abstract class StateStoreContract {
  private static final Instant AT = Instant.parse("2026-11-24T12:00:00.123456Z");

  private StateStore store = new MemoryStore();
  private Fold fold = new Fold(LoadingSource.of(store), store.names());

  /** Opens a new store with nothing in it. */
  protected abstract StateStore open() throws Exception;

  /** Closes a store in good order and opens it again, as the next process would. */
  protected abstract StateStore reopen(StateStore store) throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    use(open());
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  private void use(StateStore opened) {
    store = opened;
    fold = new Fold(LoadingSource.of(opened), opened.names());
  }

  private long commit(Change... changes) {
    long seq = store.appended() + 1;
    Stamp stamp = new Stamp(seq, AT);
    for (Change change : changes) {
      fold.apply(change, stamp);
    }
    store.commit(store.owned(), new Commit(stamp, List.of(changes), fold.take()));
    return seq;
  }

  private static Change created(String agent) {
    return new Change.AgentCreated(
        agent, 1, agent, "echo", Map.of("n", 1), List.of("mail"), Map.of(), true);
  }

  private static Change appended(String agent, long version, long index) {
    return new Change.MessageAppended(
        agent, version, Message.user("message " + index).placed(index, AT, null));
  }

  private static List<Entry> all(StateStore store) {
    List<Entry> entries = new ArrayList<>();
    LoadingSource.of(store).scan("").forEachRemaining(entries::add);
    return entries;
  }

  private @Nullable AgentSnapshot snapshot(String agent) {
    return AgentSnapshot.of(agent, LoadingSource.of(store));
  }

  @Test
  void aNewStoreHasNothing() {
    assertThat(store.appended()).isZero();
    assertThat(store.durable()).isZero();
    assertThat(all(store)).isEmpty();
    assertThat(store.recovery().damaged()).isEmpty();
  }

  @Test
  void aCommitIsSeenAtOnceAndDurableWhenAwaited() {
    long seq = commit(created("alice"));
    assertThat(store.appended()).isEqualTo(seq);
    assertThat(snapshot("alice")).isNotNull();
    store.awaitDurable(seq);
    assertThat(store.durable()).isGreaterThanOrEqualTo(seq);
  }

  @Test
  void whatWasCommittedIsThereAfterReopening() throws Exception {
    commit(created("alice"), appended("alice", 2, 0));
    long last =
        commit(
            new Change.TaskSubmitted("alice", 3, "t1", TaskSpec.of("go").payload(Map.of("k", 1.5))),
            new Change.MemoryPut("alice", 4, "a key/with ~everything%", List.of(1, "two")));
    store.awaitDurable(last);
    List<Entry> before = all(store);
    use(reopen(store));
    assertThat(all(store)).isEqualTo(before);
    assertThat(store.appended()).isEqualTo(last);
    assertThat(store.durable()).isEqualTo(last);
    assertThat(Invariants.broken(Objects.requireNonNull(snapshot("alice")))).isEmpty();
  }

  @Test
  void aReopenedStoreGoesOnWhereItWas() throws Exception {
    store.awaitDurable(commit(created("alice")));
    use(reopen(store));
    store.awaitDurable(commit(appended("alice", 2, 0)));
    use(reopen(store));
    assertThat(store.appended()).isEqualTo(2);
    assertThat(Objects.requireNonNull(snapshot("alice")).messages()).hasSize(1);
  }

  @Test
  void closingMakesDurableWhatNobodyWaitedFor() throws Exception {
    commit(created("alice"));
    long last = commit(created("bob"));
    use(reopen(store));
    assertThat(store.appended()).isEqualTo(last);
    assertThat(snapshot("bob")).isNotNull();
  }

  @Test
  void entriesComeInTheOrderOfTheirKeysFromWhereOneAsks() {
    commit(created("bob"), created("alice"), appended("alice", 2, 0), appended("alice", 3, 1));
    List<String> keys = all(store).stream().map(Entry::key).toList();
    assertThat(keys).isSorted().doesNotHaveDuplicates();
    List<Entry> messages = new ArrayList<>();
    LoadingSource.of(store)
        .scan(Keys.messages("alice"), Keys.message("alice", 1))
        .forEachRemaining(messages::add);
    assertThat(messages).extracting(Entry::key).containsExactly(Keys.message("alice", 1));
  }

  @Test
  void aDeletedAgentLeavesNothingButItsLastVersion() throws Exception {
    commit(created("alice"), appended("alice", 2, 0), created("alice2"));
    commit(new Change.AgentDeleted("alice", 3));
    for (int round = 0; round < 2; round++) {
      assertThat(all(store)).noneMatch(entry -> entry.key().startsWith("alice/"));
      assertThat(snapshot("alice2")).isNotNull();
      assertThat(LoadingSource.of(store).get(Keys.deleted("alice"))).isNotNull();
      use(reopen(store));
    }
  }

  @Test
  void aSequenceNumberThatIsNotTheNextIsRefused() {
    commit(created("alice"));
    for (long seq : new long[] {0, 1, 3}) {
      Commit wrong = new Commit(new Stamp(seq, AT), List.of(appended("alice", 2, 0)), List.of());
      assertThatIllegalStateException().isThrownBy(() -> store.commit(store.owned(), wrong));
      assertThat(store.appended()).isEqualTo(1);
    }
    commit(appended("alice", 2, 0));
  }

  @Test
  void whoDoesNotOwnTheShardCannotCommit() {
    Owned forged =
        new Owned() {
          @Override
          public int shard() {
            return store.owned().shard();
          }

          @Override
          public long epoch() {
            return store.owned().epoch();
          }
        };
    Commit commit = new Commit(new Stamp(1, AT), List.of(created("alice")), List.of());
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.commit(forged, commit))
        .extracting(StoreException::reason)
        .isEqualTo(StoreException.Reason.NOT_OWNER);
    assertThat(store.appended()).isZero();
  }

  @Test
  void aFutureTellsWhenACommitIsDurable() throws Exception {
    long seq = commit(created("alice"));
    store.whenDurable(seq).get(10, TimeUnit.SECONDS);
    assertThat(store.durable()).isGreaterThanOrEqualTo(seq);
  }

  @Test
  void anInterruptedWaiterStillLearnsThatItsCommitIsDurable() {
    long seq = commit(created("alice"));
    Thread.currentThread().interrupt();
    store.awaitDurable(seq);
    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    assertThat(store.durable()).isGreaterThanOrEqualTo(seq);
    store.awaitDurable(commit(created("bob")));
  }

  @Test
  void manyWritersAtOnceAreAllDurableInOneOrder() throws Exception {
    int writers = 32;
    int each = 50;
    ReentrantLock decisions = new ReentrantLock();
    CountDownLatch done = new CountDownLatch(writers);
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int w = 0; w < writers; w++) {
      String agent = "agent-" + w;
      Thread.startVirtualThread(
          () -> {
            try {
              for (int i = 0; i < each; i++) {
                store.awaitDurable(locked(decisions, agent, i));
              }
            } catch (Throwable t) {
              failures.add(t);
            } finally {
              done.countDown();
            }
          });
    }
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(failures).isEmpty();
    List<Entry> before = all(store);
    assertThat(store.durable()).isEqualTo((long) writers * each);
    use(reopen(store));
    assertThat(all(store)).isEqualTo(before);
  }

  private long locked(ReentrantLock decisions, String agent, int i) {
    while (true) {
      decisions.lock();
      try {
        if (store.hasRoom()) {
          return commit(i == 0 ? created(agent) : appended(agent, i + 1L, i - 1L));
        }
      } finally {
        decisions.unlock();
      }
      store.awaitRoom(Duration.ofSeconds(10));
    }
  }

  @Test
  void aClosedStoreTakesNothingAndClosesAgain() {
    store.close();
    store.close();
    assertThat(store.hasRoom()).isFalse();
    Commit commit = new Commit(new Stamp(1, AT), List.of(created("alice")), List.of());
    List<ThrowingCallable> takings =
        List.of(
            () -> store.awaitRoom(Duration.ofMillis(1)), () -> store.commit(store.owned(), commit));
    for (ThrowingCallable taking : takings) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(taking)
          .extracting(StoreException::reason)
          .isEqualTo(StoreException.Reason.READ_ONLY);
    }
    assertThat(all(store)).isEmpty();
  }
}
