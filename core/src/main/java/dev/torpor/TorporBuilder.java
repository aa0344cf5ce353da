package dev.torpor;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.torpor.disk.Disk;
import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.Limits;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.RepairReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.file.FileStore;
import dev.torpor.store.file.PackOptions;
import dev.torpor.store.file.Retention;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says how to open a store, and opens it. Not thread-safe.
 *
 * <p>A time that is longer than a hundred years counts as a hundred; one that makes no sense is
 * refused at once, with an {@link IllegalArgumentException}.
 */
public final class TorporBuilder {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Function<TorporBuilder, StateStore> opener;
  private StateSerializer serializer = new JsonStateSerializer();
  private StateValidator validator = StateValidator.INVARIANTS;
  private Clock clock = Clock.systemUTC();
  private Limits limits = Limits.DEFAULT;

  /** Null for who only reads, who takes no checkpoints and gives nothing up for lost. */
  private @Nullable PackOptions packs = PackOptions.DEFAULT;

  private boolean documents = true;
  private Duration keysKept = Duration.ofHours(24);
  private Duration erasedWithin = Duration.ofHours(24);
  private Duration grace = Duration.ofSeconds(5);
  private final Map<String, AgentBehavior> behaviors = new LinkedHashMap<>();

  /** Null for a store that is open already. */
  private final @Nullable Path folder;

  private TorporBuilder(Function<TorporBuilder, StateStore> opener, @Nullable Path folder) {
    this.opener = opener;
    this.folder = folder;
  }

  static TorporBuilder at(Path folder) {
    return new TorporBuilder(
        b ->
            FileStore.open(
                folder, b.serializer, b.validator, b.clock, b.packOptions(), b.documents),
        folder);
  }

  static TorporBuilder with(StateStore store) {
    return new TorporBuilder(_ -> store, null);
  }

  public TorporBuilder serializer(StateSerializer serializer) {
    this.serializer = serializer;
    return this;
  }

  /** What checks an agent when it is saved, when it is loaded, and on demand. */
  public TorporBuilder validator(StateValidator validator) {
    this.validator = validator;
    return this;
  }

  public TorporBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  public TorporBuilder limits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /**
   * When checkpoints are taken, so that the journal stays small: after this time at the latest, one
   * minute unless said; after 48 MiB of journal; and when the store is closed.
   *
   * @param every above 0
   */
  public TorporBuilder checkpointEvery(Duration every) {
    this.packs = PackOptions.every(time("checkpointEvery", every, false));
    return this;
  }

  /**
   * Whether the state folder shows people what is so, as JSON documents that follow it by about a
   * second; it does unless said. Very many agents are better without.
   */
  public TorporBuilder documents(boolean kept) {
    this.documents = kept;
    return this;
  }

  /**
   * How long idempotency keys count; 24 hours unless said.
   *
   * @param kept not below 0
   */
  public TorporBuilder keepIdempotencyKeys(Duration kept) {
    this.keysKept = time("keepIdempotencyKeys", kept, true);
    return this;
  }

  /**
   * How long what a deleted agent had may be in any file of the state folder, at most, as long as
   * it is open: 24 hours unless said. {@link Torpor#cleanUp} does not wait for that.
   *
   * @param time above 0
   */
  public TorporBuilder eraseDeletedWithin(Duration time) {
    this.erasedWithin = time("eraseDeletedWithin", time, false);
    return this;
  }

  /**
   * How long a turn that is asked to end has before it is interrupted; 5 s unless said.
   *
   * @param grace not below 0
   */
  public TorporBuilder grace(Duration grace) {
    this.grace = time("grace", grace, true);
    return this;
  }

  private static Duration time(String name, Duration time, boolean mayBeZero) {
    if (time.isNegative() || (time.isZero() && !mayBeZero)) {
      throw new IllegalArgumentException(
          "%s is a time of %s, not %s".formatted(name, mayBeZero ? "0 or more" : "above 0", time));
    }
    return time.compareTo(LONGEST) > 0 ? LONGEST : time;
  }

  /** A behavior that is there from the start. */
  public TorporBuilder behavior(String name, AgentBehavior behavior) {
    behaviors.put(name, behavior);
    return this;
  }

  /**
   * Locks the store, recovers it and lets its agents go on.
   *
   * @throws TorporException when the place cannot be used: another process holds it, it is damaged,
   *     no folder, not writable, or of a newer format
   */
  public Torpor open() {
    JsonStateSerializer.prepare();
    return TorporException.translating(
        () -> {
          AgentRuntime runtime = runtime();
          boolean opened = false;
          try {
            runtime.start();
            Torpor torpor = new Torpor(runtime, serializer, validator);
            behaviors.forEach(torpor::behavior);
            opened = true;
            return torpor;
          } finally {
            if (!opened) {
              runtime.close(); // or nobody could open the folder before this process ends
            }
          }
        });
  }

  /**
   * Checks a state folder that nobody serves: every byte that has a checksum, every agent and every
   * index. Changes nothing; takes the folder's lock meanwhile, and one agent at a time into memory.
   *
   * @throws TorporException when another process holds it, it holds no state, or cannot be read
   * @throws IllegalStateException when this was made of an open store
   */
  public CheckReport verify(CheckProgress progress) {
    Path place = folder();
    return TorporException.translating(
        () -> FileStore.verify(Disk.real(), place, serializer, validator, clock, progress));
  }

  /**
   * Heals what has a second copy in a state folder that nobody serves, puts the rest into
   * quarantine, and checks everything behind it. No agent runs.
   *
   * @throws TorporException as {@link #open} does, and when the folder holds no state
   * @throws IllegalStateException when this was made of an open store
   */
  public RepairReport repair(CheckProgress progress) {
    Path place = folder();
    return TorporException.translating(
        () -> FileStore.repair(Disk.real(), place, serializer, validator, clock, progress));
  }

  /**
   * {@link #repair(CheckProgress)}, and then {@link Torpor#repair(CheckProgress, List) brings
   * damaged agents back} from their documents. No agent runs.
   *
   * @param fromDocuments ids of damaged agents; no other is touched
   */
  public RepairReport repair(CheckProgress progress, List<String> fromDocuments) {
    RepairReport report = repair(progress);
    if (fromDocuments.isEmpty()) {
      return report;
    }
    return TorporException.translating(
        () -> {
          try (Torpor torpor = new Torpor(runtime(), serializer, validator)) {
            return torpor.restored(report, progress, fromDocuments);
          }
        });
  }

  /**
   * The last resort: {@link #repair(CheckProgress)}, and then every damaged agent comes back whose
   * documents can bring it back; the others stay damaged, and the report says why. Where nothing is
   * left of the store that could be opened, neither manifests nor what they could be made of, what
   * is there goes to quarantine, and a new one is made of the documents: of every agent that has
   * some and was not deleted, events, and answers under idempotency keys. No agent runs.
   *
   * @throws TorporException as {@link #repair(CheckProgress)} does; also when there are no
   *     documents where there is nothing else
   */
  public RepairReport repairFromDocuments(CheckProgress progress) {
    Path place = folder();
    return TorporException.translating(
        () -> {
          RepairReport report =
              FileStore.repairFromDocuments(
                  Disk.real(), place, serializer, validator, clock, progress);
          try (Torpor torpor = new Torpor(runtime(), serializer, validator)) {
            return torpor.allRestored(report, progress);
          }
        });
  }

  private Path folder() {
    if (folder == null) {
      throw new IllegalStateException("this store is open; ask it itself");
    }
    return folder;
  }

  private @Nullable PackOptions packOptions() {
    return packs == null ? null : packs.with(new Retention(keysKept, erasedWithin));
  }

  /** Opens a store to look at it: nothing in it runs and nothing is committed. */
  Torpor openToRead() {
    packs = null;
    return TorporException.translating(() -> new Torpor(runtime(), serializer, validator));
  }

  private AgentRuntime runtime() {
    return new AgentRuntime(opener.apply(this), clock, limits, Ids::next, keysKept, grace);
  }

  /** Made when the first id is needed: looking for the machine's randomness takes a while. */
  private static final class Ids {
    private static final NoArgGenerator GENERATOR = Generators.timeBasedEpochGenerator();

    static String next() {
      return GENERATOR.generate().toString();
    }
  }
}
