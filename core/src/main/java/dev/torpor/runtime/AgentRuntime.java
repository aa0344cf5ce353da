package dev.torpor.runtime;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.DeliveryRules;
import dev.torpor.rules.Draft;
import dev.torpor.rules.ImportRules;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentState;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Change;
import dev.torpor.state.Fold;
import dev.torpor.state.Json;
import dev.torpor.state.Limits;
import dev.torpor.state.Remembered;
import dev.torpor.state.Session;
import dev.torpor.state.Stamp;
import dev.torpor.state.Task;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the agents of a store: the door of this room. Thread-safe. */
public final class AgentRuntime implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AgentRuntime.class);

  /** The method under which a broadcast's idempotency key counts. */
  private static final String BROADCAST = "broadcast";

  private final StateStore store;
  private final Shard shard;
  private final ScheduledExecutorService alarms;
  private final Turns turns;
  private final Timers timers;
  private final Broadcasts broadcasts;
  private final Watches watches = new Watches();
  private final Requests requests;
  private final Duration grace;
  private volatile int tasksResumed;
  private boolean started;
  private boolean upkeepBegun;
  private boolean closed;

  /**
   * A runtime over an open store. It reads, and decides requests; it runs nothing before {@link
   * #start()}.
   *
   * @param ids unique ids that sort by their age
   * @param keysKept how long idempotency keys count
   * @param grace how long a turn that is asked to end has before it is interrupted
   */
  public AgentRuntime(
      StateStore store,
      Clock clock,
      Limits limits,
      Supplier<String> ids,
      Duration keysKept,
      Duration grace) {
    this.store = store;
    this.grace = grace;
    this.shard = new Shard(store, clock, limits, ids);
    this.alarms =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("torpor-alarms").factory());
    this.turns = new Turns(shard, alarms, grace);
    this.timers = new Timers(shard);
    this.broadcasts = new Broadcasts(shard);
    this.requests = new Requests(keysKept);
    store.beforeErasure(
        () ->
            shard.decide(
                draft -> {
                  Rules.erase(draft);
                  return true;
                }));
  }

  /** Lets everything go on that a crash or a stop cut off. Called once. */
  public synchronized void start() {
    started = true;
    tasksResumed = recover();
    shard.listen(this::committed);
    timers.start();
    broadcasts.resume();
    beginUpkeep();
  }

  /**
   * Lets the store look after itself, though nothing may run in it: for who commits so much that
   * the journal would grow without end. Idempotent.
   */
  public synchronized void beginUpkeep() {
    if (!upkeepBegun) {
      upkeepBegun = true;
      store.begin();
    }
  }

  /** Puts back what was in progress; the store has made sure that nothing read here can be lost. */
  private int recover() {
    shard.decide(
        draft -> {
          Rules.prepare(draft);
          return true;
        });
    dropImports();
    shard.read(DeliveryRules::untaken).forEach(this::takeOrTell);
    List<String> interrupted = shard.read(Rules::interrupted);
    long last = 0;
    for (String agent : interrupted) {
      last =
          shard
              .take(
                  draft -> {
                    Rules.recover(draft, agent);
                    return true;
                  })
              .seq();
    }
    shard.awaitDurable(last);
    return interrupted.size();
  }

  /** One agent that cannot take what came to it must not keep the others from going on. */
  private void takeOrTell(String agent) {
    try {
      takeDeliveries(agent);
    } catch (IllegalStateException e) {
      log.error("agent {}: what came to it while it was damaged cannot be taken", agent, e);
    }
  }

  /** An import that the last process did not end is taken back; whoever asked for it asks again. */
  private void dropImports() {
    for (String agent : shard.read(ImportRules::cutOff)) {
      log.warn("the import of agent {} was cut off, and is taken back; import it again", agent);
      shard.decide(
          draft -> {
            ImportRules.drop(draft, agent);
            return true;
          });
    }
  }

  /** Has an agent that is back take what came to it while it was damaged. */
  public void takeDeliveries(String agent) {
    boolean more = true;
    while (more) {
      more = shard.decide(draft -> DeliveryRules.take(draft, agent));
    }
  }

  private void committed(Stamp stamp, List<Change> changes) {
    watches.committed(changes);
    for (Change change : changes) {
      switch (change) {
        case Change.FellAsleep c -> timers.expect(c.sleep().wakeTime());
        case Change.TaskSubmitted c -> timers.expect(c.spec().notBefore());
        case Change.AgentImported _ -> timers.expect(stamp.at()); // it may have any
        default -> {}
      }
    }
    turns.committed(changes);
  }

  /** How many tasks were in progress when the last process ended. */
  public int tasksResumed() {
    return tasksResumed;
  }

  public StateStore store() {
    return store;
  }

  /** Registers the code of a behavior; tasks that waited for it begin to run. */
  public void register(String behavior, TurnCode code) {
    turns.register(behavior, code);
  }

  public boolean knows(String behavior) {
    return turns.knows(behavior);
  }

  public Set<String> behaviors() {
    return turns.behaviors();
  }

  /** Why an agent that has something to do does not do it; null when it does, or has nothing. */
  public @Nullable String whyNotRunning(Session session) {
    return turns.whyNotRunning(session);
  }

  /** Carries out a request; returns when it is durable. */
  public <R> R perform(Request<R> request, Terms terms) {
    return request instanceof Request.StopAgent stop
        ? cast(stop(stop, terms))
        : shard.decide(requests.asked(request, terms)::decide);
  }

  /**
   * Carries out a request without waiting: decided when this returns, durable when the future is
   * done. A refusal comes as an exception at once.
   */
  public <R> CompletableFuture<R> performSoon(Request<R> request, Terms terms) {
    return request instanceof Request.StopAgent
        ? CompletableFuture.completedFuture(perform(request, terms))
        : shard.decideSoon(requests.asked(request, terms)::decide);
  }

  /** Whether a request on these terms was carried out before. */
  public boolean isAnswered(Request<?> request, Terms terms) {
    Requests.Asked<?> asked = requests.asked(request, terms);
    return shard.consult(asked::isAnswered);
  }

  @SuppressWarnings("unchecked") // the only request whose answer is this
  private static <R> R cast(AgentView view) {
    return (R) view;
  }

  /** A stop during a turn is asked for first, and answered when the agent has stopped. */
  private AgentView stop(Request.StopAgent request, Terms terms) {
    Requests.Asked<AgentView> stop = requests.asked(request, terms);
    boolean asked =
        shard.decide(
            draft -> {
              AgentState agent = draft.find(request.agentId());
              if (agent == null
                  || agent.session().status() != AgentStatus.ACTIVE
                  || stop.isAnswered(draft)) {
                return false;
              }
              Rules.decide(draft, request, new Terms(null, terms.expectedVersion()));
              return true;
            });
    if (!asked) {
      return shard.decide(stop::decide);
    }
    awaiting(
        Watches.agent(request.agentId()),
        grace.plusSeconds(3),
        fold -> {
          AgentState agent = fold.agent(request.agentId());
          return agent == null || agent.session().status() != AgentStatus.ACTIVE;
        },
        stopped -> stopped);
    return shard.decide(stop.ofAnyVersion()::decide);
  }

  /** Broadcasts an event; returns when it has reached everybody who slept when it was recorded. */
  public Broadcast broadcast(String event, @Nullable Object data, Terms terms) {
    String key = terms.idempotencyKey();
    if (key == null) {
      return broadcasts.broadcast(event, data, null, _ -> null);
    }
    Object said = Arrays.asList(event, Json.freeze(data));
    Broadcast.Request request = new Broadcast.Request(BROADCAST, "", key, Requests.digest(said));
    return broadcasts.broadcast(
        event,
        data,
        request,
        draft -> {
          Remembered before = requests.remembered(draft, BROADCAST, "", key, request.digest());
          return before == null
              ? null
              : JsonStateSerializer.fromJson(before.answer(), Broadcast.class);
        });
  }

  /** Decides with a rule of the caller's own. */
  public <T> T decide(Function<Draft, T> rule) {
    return shard.decide(rule);
  }

  /** {@link #decide} for a caller that does not wait. A refusal comes at once, as an exception. */
  public <T> CompletableFuture<T> decideSoon(Function<Draft, T> rule) {
    return shard.decideSoon(rule);
  }

  /** Reads; what was read is durable when this returns. The reader must not keep the fold. */
  public <T extends @Nullable Object> T read(Function<Fold, T> reader) {
    return shard.read(reader);
  }

  /** Waits until a task is finished or the time is over; gives it as it is then. */
  public @Nullable Task awaitTask(
      String taskId, Duration timeout, Function<Fold, @Nullable Task> read) {
    return this.<@Nullable Task>awaiting(
        Watches.task(taskId), timeout, read, task -> task == null || task.status().isFinished());
  }

  /** Waits until there is mail, or the time is over. */
  public <T> List<T> awaitMail(String agentId, Duration timeout, Function<Fold, List<T>> read) {
    return awaiting(Watches.mail(agentId), timeout, read, mail -> !mail.isEmpty());
  }

  private <T extends @Nullable Object> T awaiting(
      String topic, Duration timeout, Function<Fold, T> read, Predicate<T> isGood) {
    try {
      return watches.await(topic, timeout, () -> shard.read(read), isGood);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return shard.read(read);
    }
  }

  /** Ends all waiting, as if its time were over: for what comes before a close. */
  public void endWaits() {
    watches.end();
  }

  /** The time by this runtime's clock. */
  public Instant now() {
    return shard.now();
  }

  public Limits limits() {
    return shard.limits();
  }

  /** Begins nothing more, lets turns end or suspends them, and closes the store. Idempotent. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (started) {
      turns.close();
      timers.close();
    }
    alarms.shutdownNow();
    store.close();
  }
}
