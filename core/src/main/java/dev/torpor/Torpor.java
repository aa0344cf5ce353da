package dev.torpor;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.Terms;
import dev.torpor.runtime.AgentRuntime;
import dev.torpor.state.AgentCounts;
import dev.torpor.state.AgentSnapshot;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Mail;
import dev.torpor.state.MailStatus;
import dev.torpor.state.Message;
import dev.torpor.state.Session;
import dev.torpor.state.Step;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import dev.torpor.store.CheckProgress;
import dev.torpor.store.CheckReport;
import dev.torpor.store.DocumentsLag;
import dev.torpor.store.RecoveryReport;
import dev.torpor.store.RepairReport;
import dev.torpor.store.ScrubReport;
import dev.torpor.store.StateSerializer;
import dev.torpor.store.StateStore;
import dev.torpor.store.StateValidator;
import dev.torpor.store.StoreStats;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A store of agents, open and running. One at a time on a folder. Thread-safe; every method throws
 * {@link TorporException} when it did not do what it was asked.
 */
public final class Torpor implements AutoCloseable {
  private final AgentRuntime runtime;
  private final Queries queries;
  private final StateValidator validator;
  private final Exports exports;
  private final Imports imports;
  private final Restores restores;
  private final Executor async = Executors.newVirtualThreadPerTaskExecutor();

  Torpor(AgentRuntime runtime, StateSerializer serializer, StateValidator validator) {
    this.runtime = runtime;
    this.exports = new Exports(runtime, serializer);
    this.imports = new Imports(runtime, serializer, validator);
    this.restores = new Restores(runtime, serializer, validator);
    this.queries = new Queries(runtime);
    this.validator = validator;
  }

  /**
   * Opens a state folder, or makes one: locks it, recovers it, and lets its agents go on. Work
   * whose behavior is not registered yet waits for it, unharmed.
   */
  public static Torpor open(Path folder) {
    return at(folder).open();
  }

  /** {@link #open(Path)} with more to say. */
  public static TorporBuilder at(Path folder) {
    return TorporBuilder.at(folder);
  }

  /**
   * Opens a state folder to look at it: takes its lock and makes the journal's tail durable, and
   * starts and commits nothing else. Only what reads may be called, and {@link #importFrom}.
   */
  public static Torpor reading(Path folder) {
    return at(folder).openToRead();
  }

  /** Runs the agents of a store that is open already; it is closed with this. */
  public static TorporBuilder with(StateStore store) {
    return TorporBuilder.with(store);
  }

  /** Registers a behavior under a name; tasks that waited for it begin to run. */
  public void behavior(String name, AgentBehavior behavior) {
    runtime.register(
        name,
        run -> {
          Turn turn = new Turn(run);
          behavior.run(turn);
          return turn.result();
        });
  }

  /** The names of the behaviors that are registered. */
  public Set<String> behaviors() {
    return runtime.behaviors();
  }

  // Agents.

  /** Gets an agent, or creates it. */
  public Agent agent(String id, AgentSpec spec) {
    if (find(id).isEmpty()) {
      try {
        create(id, spec, Terms.NONE);
      } catch (TorporException e) {
        if (e.kind() != TorporException.Kind.CONFLICT || find(id).isEmpty()) {
          throw e;
        }
      }
    }
    return new Agent(this, id);
  }

  /** An agent that exists. */
  public Agent agent(String id) {
    view(id);
    return new Agent(this, id);
  }

  public Optional<Agent> find(String id) {
    return queries.agent(id) == null ? Optional.empty() : Optional.of(new Agent(this, id));
  }

  /** Creates an agent. */
  public AgentView create(String id, AgentSpec spec, Terms terms) {
    return perform(
        new Request.CreateAgent(
            id,
            spec.name(),
            spec.behavior(),
            spec.configuration(),
            spec.toolSets(),
            spec.metadata(),
            spec.autoStart()),
        terms);
  }

  /** An agent as it is now. */
  public AgentView view(String id) {
    AgentView view = TorporException.translating(() -> queries.agent(id));
    if (view == null) {
      throw TorporException.notFound(
          "agent_not_found", "agent_id", "agent '" + id + "' does not exist");
    }
    return view;
  }

  /** Why an agent that has something to do does not do it; null when it does, or has nothing. */
  public @Nullable String whyNotRunning(Session session) {
    return runtime.whyNotRunning(session);
  }

  /** Agents by id. */
  public Page<AgentSummary> agents(
      @Nullable AgentStatus status, int limit, @Nullable String cursor) {
    return TorporException.translating(() -> queries.agents(status, limit, cursor));
  }

  // Requests as data.

  /** Carries out a request; returns when it is durable. */
  public <R> R perform(Request<R> request, Terms terms) {
    return TorporException.translating(() -> runtime.perform(request, terms));
  }

  /**
   * Carries out a request without waiting: decided when this returns, durable when the future is
   * done. Many requests of one caller share a force of the disk that way.
   */
  public <R> CompletableFuture<R> performSoon(Request<R> request, Terms terms) {
    return TorporException.translating(() -> runtime.performSoon(request, terms));
  }

  /**
   * Whether a request on these terms was carried out before: then performing it changes nothing,
   * and gives the answer that it got.
   */
  public boolean isAnswered(Request<?> request, Terms terms) {
    return TorporException.translating(() -> runtime.isAnswered(request, terms));
  }

  // Tasks.

  /** A task wherever it is. */
  public Task task(String taskId) {
    return TorporException.translating(() -> queries.task(taskId));
  }

  /** A task's finished steps, in the order in which they finished. */
  public List<Step> steps(Task task) {
    return TorporException.translating(() -> queries.steps(task));
  }

  /** Waits until a task is finished or the time is over; gives it as it is then. */
  public Task await(String taskId, Duration timeout) {
    return TorporException.translating(() -> queries.await(taskId, timeout));
  }

  /** Tasks, oldest first; of all agents where none is named. */
  public Page<Task> tasks(
      @Nullable String agentId, @Nullable TaskStatus status, int limit, @Nullable String cursor) {
    return TorporException.translating(() -> queries.tasks(agentId, status, limit, cursor));
  }

  // Context.

  /** Messages of a conversation history from a place on. */
  public List<Message> messages(String agentId, long from, int limit) {
    return TorporException.translating(() -> queries.messages(agentId, from, limit));
  }

  /** The last messages, oldest first. */
  public List<Message> lastMessages(String agentId, int count) {
    return TorporException.translating(() -> queries.lastMessages(agentId, count));
  }

  /** A value of an agent's working memory; null when the key is not there. */
  public @Nullable Object memory(String agentId, String key) {
    return TorporException.translating(() -> queries.memory(agentId, key));
  }

  // Mail.

  /** Unread mail of an agent or of {@code user}, oldest first. */
  public List<Mail> unreadMail(String agentId, int limit) {
    return TorporException.translating(() -> queries.unreadMail(agentId, limit));
  }

  /** Unread mail as soon as there is some, or none when the time is over. */
  public List<Mail> awaitMail(String agentId, int limit, Duration timeout) {
    return TorporException.translating(() -> queries.awaitMail(agentId, limit, timeout));
  }

  /** Mail that an agent received, oldest first. */
  public Page<Mail> mail(
      String agentId, @Nullable MailStatus status, int limit, @Nullable String cursor) {
    return TorporException.translating(() -> queries.mail(agentId, status, limit, cursor));
  }

  /** All mail of the thread of a mail, oldest first; 1,000 at most. */
  public List<Mail> thread(String messageId) {
    return TorporException.translating(() -> queries.thread(messageId));
  }

  // Events.

  /** Broadcasts an event to all who sleep until it comes; returns when it has reached them. */
  public Broadcast broadcast(String event, @Nullable Object data, Terms terms) {
    return TorporException.translating(() -> runtime.broadcast(event, data, terms));
  }

  // The seed's operations.

  /**
   * Checks an agent, and returns when all of it is durable; in a pack with its twin, where
   * checkpoints are taken; and in its documents.
   */
  public AgentSnapshot save(String agentId) {
    AgentSnapshot agent = checked(TorporException.translating(() -> queries.snapshot(agentId)));
    checkpoint();
    return agent;
  }

  public CompletableFuture<AgentSnapshot> saveAsync(String agentId) {
    return CompletableFuture.supplyAsync(() -> save(agentId), async);
  }

  /** {@link #save} of every agent that is not deleted meanwhile; gives how many these are. */
  public int saveAll() {
    int saved = checkedAll().size();
    checkpoint();
    return saved;
  }

  public CompletableFuture<Integer> saveAllAsync() {
    return CompletableFuture.supplyAsync(this::saveAll, async);
  }

  /**
   * Loads an agent again from the store and checks it.
   *
   * @throws TorporException of kind {@code CONFLICT} while a turn of it runs
   */
  public AgentSnapshot restore(String agentId) {
    AgentSnapshot agent = TorporException.translating(() -> queries.snapshot(agentId));
    if (agent.session().status() == AgentStatus.ACTIVE) {
      throw TorporException.conflict(
          "agent_active", "agent_id", "a turn of agent '" + agentId + "' runs; stop it first");
    }
    return checked(agent);
  }

  public CompletableFuture<AgentSnapshot> restoreAsync(String agentId) {
    return CompletableFuture.supplyAsync(() -> restore(agentId), async);
  }

  /** Checks every agent as {@link #open} loaded it; gives their ids. */
  public List<String> restoreAll() {
    return checkedAll();
  }

  private List<String> checkedAll() {
    return TorporException.translating(
        () ->
            queries.agentIds().stream()
                .filter(
                    id -> {
                      AgentSnapshot agent = queries.find(id);
                      return agent != null && checked(agent) == agent;
                    })
                .toList());
  }

  public CompletableFuture<List<String>> restoreAllAsync() {
    return CompletableFuture.supplyAsync(this::restoreAll, async);
  }

  /**
   * Deletes agents that did nothing for some time by what their state says: idle or stopped, with
   * no open tasks, no unread mail and no replies that they wait for. Gives their ids. When this
   * returns, what they had, and all other agents that were ever deleted, is in no file any more;
   * mail that others have of them is theirs, and stays.
   */
  public List<String> cleanUp(Duration maxAge) {
    return TorporException.translating(
        () -> {
          List<String> deleted =
              queries.agentIds().stream()
                  .filter(id -> runtime.decide(draft -> Rules.cleanUp(draft, id, maxAge)))
                  .toList();
          runtime.store().erase();
          return deleted;
        });
  }

  public CompletableFuture<List<String>> cleanUpAsync(Duration maxAge) {
    return CompletableFuture.supplyAsync(() -> cleanUp(maxAge), async);
  }

  private AgentSnapshot checked(AgentSnapshot agent) {
    List<String> broken = validator.validate(agent);
    if (!broken.isEmpty()) {
      throw new TorporException(
          TorporException.Kind.DAMAGED, "invalid_state", null, String.join("; ", broken), null);
    }
    return agent;
  }

  // Moving.

  /**
   * Writes all agents, or one of them, as they are now, for {@link #importFrom} of another store.
   * Work goes on meanwhile; what it changes is not in it. How it is written, {@link
   * dev.torpor.store.transfer} says; what is not written to its end is refused by whoever reads it.
   *
   * @param out where to; it is not closed
   * @param agentId which agent; null for all, and what belongs to none
   * @param progress told again and again how many agents are done
   * @throws IOException when it cannot be written, or a pack cannot be read
   */
  public ExportReport exportTo(OutputStream out, @Nullable String agentId, LongConsumer progress)
      throws IOException {
    return exports.write(out, agentId, progress);
  }

  /**
   * Takes the agents of a file that {@link #exportTo} wrote, with all that they have; their
   * versions go on. All of the file is checked before anything is changed. Then each agent comes as
   * a whole: when this process ends in the middle, some are here and the others not at all, and the
   * next start takes back what was half here. Agents that are here already are refused, unless they
   * may be replaced. A turn that ran when an agent was exported counts as cut off by a crash.
   *
   * @param file compressed or not
   * @param replace whether agents may take the place of those that are here, each at once
   * @param progress told again and again how many bytes are read; in the end twice the file's
   * @throws TorporException of kind {@code INVALID} when it is torn, damaged or no export, {@code
   *     CONFLICT} when an agent, task or mail is here already: nothing was changed then
   * @throws IOException when it cannot be read
   */
  public ImportReport importFrom(Path file, boolean replace, LongConsumer progress)
      throws IOException {
    return imports.read(file, replace, progress);
  }

  // The store.

  /**
   * Takes a checkpoint: when this returns, all that was decided before is in packs, and a start
   * need not read it in the journal; and in the documents. A store that has neither does nothing.
   */
  public void checkpoint() {
    TorporException.translating(
        () -> {
          runtime.store().checkpoint();
          return true;
        });
  }

  /** How far the documents for people are behind. */
  public DocumentsLag documentsLag() {
    return runtime.store().documentsLag();
  }

  public StoreStats stats() {
    return runtime.store().stats();
  }

  /** How many agents have each status. */
  public AgentCounts counts() {
    return TorporException.translating(queries::counts);
  }

  public RecoveryReport recovery() {
    return runtime.store().recovery();
  }

  /** How far the store is with reading again what it has written, and what it found. */
  public ScrubReport scrub() {
    return runtime.store().scrub();
  }

  /**
   * Checks all that is durable: every byte that has a checksum, every agent and every index;
   * changes nothing. Work goes on meanwhile.
   */
  public CheckReport verify(CheckProgress progress) {
    return TorporException.translating(() -> runtime.store().verify(validator, progress));
  }

  /** Heals at once what has a second copy, and checks everything behind it. Work goes on. */
  public RepairReport repair(CheckProgress progress) {
    return repair(progress, List.of());
  }

  /**
   * {@link #repair(CheckProgress)}, which then brings damaged agents back from their documents,
   * with a version above all that they had, and lets them take what came to them meanwhile.
   *
   * @param fromDocuments ids of damaged agents; no other is touched
   * @throws TorporException also when one is not damaged, or its documents are not whole, or show
   *     an older version than anything else: then it and those behind it stay as they are
   */
  public RepairReport repair(CheckProgress progress, List<String> fromDocuments) {
    return TorporException.translating(
        () -> {
          RepairReport report = runtime.store().repair(validator, progress);
          return fromDocuments.isEmpty() ? report : restored(report, progress, fromDocuments);
        });
  }

  /** Brings agents back behind a repair. */
  RepairReport restored(RepairReport repair, CheckProgress progress, List<String> ids) {
    long began = System.nanoTime();
    restores.restore(ids);
    return checkedAgain(repair, progress, ids, began);
  }

  /** Brings all back behind a repair whose documents can. */
  RepairReport allRestored(RepairReport repair, CheckProgress progress) {
    long began = System.nanoTime();
    return checkedAgain(repair, progress, restores.restoreAll(), began);
  }

  private RepairReport checkedAgain(
      RepairReport repair, CheckProgress progress, List<String> ids, long began) {
    runtime.store().checkpoint();
    List<RecoveryReport.Damage> damaged =
        repair.damaged().stream().map(damage -> damage.restored(ids)).toList();
    return new RepairReport(
        damaged,
        ids,
        runtime.store().verify(validator, progress),
        repair.took().plusNanos(System.nanoTime() - began));
  }

  /** How many tasks were in progress when the last process ended. */
  public int tasksResumed() {
    return runtime.tasksResumed();
  }

  /** The highest sequence number that is known to be durable. */
  public long durable() {
    return runtime.store().durable();
  }

  /** Says where a server answers for this store; whoever finds the folder held is told. */
  public void servedAt(String url) {
    runtime.store().servedAt(url);
  }

  /**
   * Lets those who wait for a task or for mail go on, as if their time were over, and nobody wait
   * any more: for a server that is about to {@link #close()} and wants to answer its clients first.
   */
  public void endWaits() {
    runtime.endWaits();
  }

  /**
   * Begins nothing more, gives turns some seconds to end, suspends the others so that they go on at
   * the next start, and closes the store. Idempotent.
   */
  @Override
  public void close() {
    runtime.close();
  }
}
