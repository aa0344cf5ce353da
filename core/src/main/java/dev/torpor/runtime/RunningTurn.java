package dev.torpor.runtime;

import dev.torpor.rules.TurnRules;
import dev.torpor.rules.TurnRules.Outcome;
import dev.torpor.state.Json;
import dev.torpor.state.Task;
import dev.torpor.store.StoreException;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A turn on its virtual thread: from when its beginning is durable to the commit that ends it. Code
 * that does not end when it is asked is interrupted, and then abandoned: its task is settled
 * without it, and what it still does counts for nothing.
 */
final class RunningTurn {
  private static final Logger log = LoggerFactory.getLogger(RunningTurn.class);

  /** How long interrupted code has before it is abandoned. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  private final Turns turns;
  private final Shard shard;
  private final ScheduledExecutorService alarms;
  private final TurnCode code;
  private final TurnRun run;
  private final Task task;
  private final Thread thread;
  private final AtomicBoolean settling = new AtomicBoolean();
  private final CountDownLatch settled = new CountDownLatch(1);

  /** Why the code was asked to end; null as long as it was not. */
  private volatile @Nullable Outcome askedToEnd;

  RunningTurn(
      Turns turns, Shard shard, ScheduledExecutorService alarms, TurnCode code, TurnRun run) {
    this.turns = turns;
    this.shard = shard;
    this.alarms = alarms;
    this.code = code;
    this.run = run;
    this.task = run.task();
    this.thread = Thread.ofVirtual().name("turn-" + task.taskId()).unstarted(this::work);
  }

  String agentId() {
    return task.agentId();
  }

  String taskId() {
    return task.taskId();
  }

  void start() {
    thread.start();
    Duration timeout = task.timeout();
    if (timeout != null) {
      alarms.schedule(() -> timeOut(timeout), timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void work() {
    MDC.put("agent", task.agentId());
    MDC.put("task", task.taskId());
    MDC.put("seq", Long.toString(task.turnSeq()));
    try {
      shard.awaitDurable(task.turnSeq());
      log.debug("turn began, attempt {}", task.attempt());
      settle(outcome());
    } catch (StoreException e) {
      log.warn("the turn ended without a commit: {}", e.getMessage());
    } finally {
      settled.countDown();
      turns.left(this);
      MDC.clear();
    }
  }

  private Outcome outcome() {
    try {
      Outcome outcome = new Outcome.Completed(Json.freeze(code.run(run)));
      List<String> forgotten = run.forgottenSteps();
      if (!forgotten.isEmpty()) {
        log.warn("the behavior changed: it no longer asks for the finished steps {}", forgotten);
      }
      return outcome;
    } catch (Throwable t) { // an OutOfMemoryError of a turn, too, is the turn's failure
      Outcome asked = askedToEnd;
      if (asked != null) {
        return asked;
      }
      return failed(t);
    }
  }

  private static Outcome failed(Throwable t) {
    try {
      log.info("the turn failed", t);
      return new Outcome.Failed(said(t));
    } catch (RuntimeException e) { // an exception's own methods are code of users, too
      return new Outcome.Failed(t.getClass().getSimpleName());
    }
  }

  /** What a person reads; the name of a class that nobody else can see would tell them nothing. */
  private static String said(Throwable t) {
    String name = t.getClass().getSimpleName();
    String message = t.getMessage();
    if (message == null || message.isEmpty()) {
      return name;
    }
    return Modifier.isPrivate(t.getClass().getModifiers()) ? message : name + ": " + message;
  }

  /** Commits the end of the turn, once; the first to settle it wins. */
  private void settle(Outcome outcome) {
    if (!settling.compareAndSet(false, true)) {
      return;
    }
    run.end(); // what a thread of the code's own still asks for comes too late, and is told so
    Thread.interrupted(); // what the code was told is told; the commit is not its to harm
    try {
      commit(outcome);
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.TOO_LARGE) {
        throw e;
      }
      commit(new Outcome.Failed(e.getMessage() + ""));
    } catch (RuntimeException e) { // nothing is lost: the effects are dropped, and it is said
      log.error("the turn's effects cannot become true", e);
      commit(new Outcome.Failed(said(e)));
    } finally {
      settled.countDown();
    }
  }

  private void commit(Outcome outcome) {
    boolean counted =
        shard.decidePatiently(
            draft -> TurnRules.finish(draft, task, run.effects(), run.sleep(), outcome));
    log.debug("turn over: {}", counted ? outcome.getClass().getSimpleName() : "counts no more");
  }

  /** Asks the code to end soon; the task goes on later. */
  void end(Duration grace) {
    ask(new Outcome.Suspended(), grace);
  }

  /** What the turn works for is gone: the code is interrupted, and nothing of it counts. */
  void cancel() {
    ask(new Outcome.Suspended(), Duration.ZERO);
  }

  private void timeOut(Duration timeout) {
    ask(new Outcome.Failed("timed out after " + timeout.toMillis() / 1e3 + " s"), Duration.ZERO);
  }

  private void ask(Outcome outcome, Duration grace) {
    if (settled.getCount() > 0 && askedToEnd == null) {
      askedToEnd = outcome;
      run.end();
      alarms.schedule(this::interrupt, grace.toMillis(), TimeUnit.MILLISECONDS);
      Duration last = grace.plus(LAST_GRACE);
      alarms.schedule(
          () -> Thread.ofVirtual().start(() -> abandon(outcome)),
          last.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private void interrupt() {
    if (!settling.get()) {
      thread.interrupt();
    }
  }

  private void abandon(Outcome outcome) {
    if (!settling.get()) {
      log.warn(
          "agent {}: the behavior does not end; task {} goes on without it", agentId(), taskId());
      settle(outcome);
    }
  }

  /** Waits until the turn's end is committed, or the time is over. */
  void awaitSettled(Duration timeout) {
    boolean interrupted = false;
    long end = System.nanoTime() + timeout.toNanos();
    for (long left = timeout.toNanos(); left > 0; left = end - System.nanoTime()) {
      try {
        if (settled.await(left, TimeUnit.NANOSECONDS)) {
          break;
        }
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
