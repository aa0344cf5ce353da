package dev.torpor.store;

import dev.torpor.state.EntrySource;
import dev.torpor.state.KeyNames;
import dev.torpor.state.NotLoadedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps the state of agents.
 *
 * <p>Threads: {@link #entries()}, {@link #admit}, {@link #appended()}, {@link #hasRoom()} and
 * {@link #commit} are called under the shard's one decision lock, which the caller owns; they
 * neither wait nor do I/O. The rest is thread-safe and is called outside that lock.
 */
public interface StateStore extends AutoCloseable {
  /** The right to write to the shard that this store has; made when the store was opened. */
  Owned owned();

  /** What opening found. */
  RecoveryReport recovery();

  /**
   * All entries as the last commit left them, durable or not. What is not in memory is a {@link
   * NotLoadedException}: then {@link #load} and {@link #admit}, and ask again.
   */
  EntrySource entries();

  /**
   * Reads what somebody asked for and is not in memory. Outside the decision lock.
   *
   * @throws StoreException {@code DAMAGED} when it is not as it was written, {@code UNUSABLE} when
   *     it cannot be read
   */
  default Loaded load(NotLoadedException missing) {
    throw missing;
  }

  /**
   * Takes what was read into memory, where all of it is together until the lock is let go, at
   * least, but for what is out of date by now.
   */
  default void admit(List<Loaded> loaded) {}

  /**
   * All entries as the last commit left them; called without the decision lock, and returns when
   * that commit is durable. Commits go on meanwhile.
   *
   * @throws StoreException with {@code UNUSABLE} or {@code DAMAGED} when what is needed cannot be
   *     read, {@code OUTCOME_UNKNOWN} when nobody can say what is durable
   */
  Snapshot snapshot();

  /** How free text becomes a part of a key. */
  KeyNames names();

  /** The sequence number of the last commit, durable or not; 0 before the first. */
  long appended();

  /** The highest sequence number that is known to be durable. */
  long durable();

  /** Whether the next commit, whatever its size, finds its space ready. */
  boolean hasRoom();

  /**
   * Waits until there is space for a commit.
   *
   * @param patience how long to wait for space that is being prepared
   * @throws StoreException with {@code FULL} when there is none, or {@code READ_ONLY}
   */
  void awaitRoom(Duration patience);

  /**
   * Takes a commit; {@link #awaitDurable} tells when it is durable. The entries show it at once.
   *
   * @param owned as handed out by this store
   * @throws StoreException {@code TOO_LARGE}, {@code NOT_OWNER} or {@code READ_ONLY}: nothing was
   *     taken
   * @throws IllegalStateException when the sequence number is not the next
   */
  void commit(Owned owned, Commit commit);

  /**
   * Returns when all commits up to a sequence number would survive a power cut. Not interruptible:
   * an interrupt is kept for the caller.
   *
   * @throws StoreException with {@code OUTCOME_UNKNOWN} when nobody can say
   */
  void awaitDurable(long seq);

  /** {@link #awaitDurable} for a caller that does not wait. */
  CompletableFuture<Void> whenDurable(long seq);

  /**
   * Lets the store look after itself from here on: a store that is only read changes nothing.
   * Called at most once.
   */
  default void begin() {}

  /**
   * Puts all that is decided into the store's lasting form, as far as it has one beside what makes
   * a commit durable; returns when it is there.
   *
   * @throws StoreException with {@code FULL}, {@code UNUSABLE} or {@code READ_ONLY}; what is
   *     durable is not in danger
   */
  default void checkpoint() {}

  /**
   * Says what has to be decided, and durable, before what deleted agents had is erased: that nobody
   * is given it again. Called before {@link #begin}. The store calls it outside the decision lock.
   */
  default void beforeErasure(Runnable decision) {}

  /**
   * Takes what agents had that were deleted before this is called out of all that the store keeps;
   * returns when it is gone. By itself the store does so within a time.
   *
   * @throws StoreException with {@code FULL}, {@code UNUSABLE} or {@code READ_ONLY}: some of it may
   *     be there still, and it is tried again
   */
  default void erase() {}

  /** How far the store is with reading again what it has written. */
  default ScrubReport scrub() {
    return ScrubReport.NONE;
  }

  /**
   * Checks all that is durable, and changes nothing. A store that keeps nothing that could be
   * damaged finds nothing.
   *
   * @param validator says what is wrong with an agent
   * @throws StoreException {@code UNUSABLE} when it could not be read
   */
  default CheckReport verify(StateValidator validator, CheckProgress progress) {
    return new CheckReport(0, 0, 0, List.of(), List.of(), List.of(), Duration.ZERO);
  }

  /**
   * Heals what has a second copy, and says what has none. A store that keeps nothing that could be
   * damaged does nothing.
   *
   * @param validator says what is wrong with an agent
   * @throws StoreException {@code FULL} or {@code UNUSABLE} when it could not be done
   */
  default RepairReport repair(StateValidator validator, CheckProgress progress) {
    return new RepairReport(List.of(), List.of(), verify(validator, progress), Duration.ZERO);
  }

  /**
   * What documents for people say of an agent that is damaged; a store without them knows nothing.
   *
   * @throws StoreException {@code UNUSABLE} when they cannot be read
   */
  default SavedAgent saved(String agent, StateValidator validator) {
    return SavedAgent.refused(agent, 0, "this store keeps no documents");
  }

  /** How far documents for people are behind; of a store without them, not at all. */
  default DocumentsLag documentsLag() {
    return DocumentsLag.NONE;
  }

  /** Sizes, for people and machines to watch. */
  StoreStats stats();

  /**
   * Says where this process serves what is in the store, for those to read who find it held. A
   * store that cannot tell them does nothing.
   */
  default void servedAt(String url) {}

  /** Makes what was taken durable and lets the place go. Idempotent. */
  @Override
  void close();
}
