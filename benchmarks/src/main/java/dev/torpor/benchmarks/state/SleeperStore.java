package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.benchmarks.Stage;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentStatus;
import dev.torpor.state.Session;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Plays {@link Role#MAKE_SLEEPERS} and {@link Role#WAKE_SLEEPERS}: sleepers in Torpor. */
final class SleeperStore {

  private SleeperStore() {}

  /** Arguments: the folder, how many, how many are due in a burst. Says agents a second. */
  static void build(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int agents = Integer.parseInt(arguments[1]);
    Bursts bursts = new Bursts(agents, Integer.parseInt(arguments[2]));
    Path warmUp = folder.resolveSibling("warm-up");
    try (Torpor torpor = Stores.at(warmUp).documents(false).open()) {
      create(torpor, agents / Sleepers.WARM_UP, bursts);
    }
    Stage.remove(warmUp);
    try (Torpor torpor = Stores.at(folder).documents(false).open()) {
      Role.say("created", create(torpor, agents, bursts));
      torpor.checkpoint();
      Folders.awaitQuiet(folder); // until all is merged
    }
  }

  /** Returns how many a second. */
  private static double create(Torpor torpor, int agents, Bursts bursts) {
    Pipeline pipeline = new Pipeline(torpor);
    long before = System.nanoTime();
    for (int i = 0; i < agents; i++) {
      String id = Population.id(i);
      pipeline.perform(Population.creation(id));
      pipeline.perform(
          new Request.PutToSleep(id, new SleepDraft(null, bursts.due(i), List.of(), null, false)));
    }
    pipeline.finish();
    return agents / ((System.nanoTime() - before) / 1e9);
  }

  /**
   * Arguments: the folder, how many, how many are due in a burst, which burst, how many to wake
   * before. Says: ready, heap, awake (how long each took), late.
   */
  static void wake(String[] arguments) throws Exception {
    int agents = Integer.parseInt(arguments[1]);
    Bursts bursts = new Bursts(agents, Integer.parseInt(arguments[2]));
    int burst = Integer.parseInt(arguments[3]);
    Instant virtualStart = bursts.quietBefore(burst);
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), virtualStart));
    try (Torpor torpor = Stores.at(Path.of(arguments[0])).clock(clock).documents(false).open()) {
      Role.say("ready", Role.sinceMain());
      Role.say("heap", usedHeap() / 1e6);
      Role.say("awake", wakeSome(torpor, bursts, burst, Integer.parseInt(arguments[4])));
      Thread.sleep(Math.max(0, Duration.between(clock.instant(), bursts.end(burst)).toMillis()));
      Role.say("late", lateness(torpor, bursts, burst));
    }
  }

  private static double usedHeap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Milliseconds that each took, after as many again that are not counted. */
  private static double[] wakeSome(Torpor torpor, Bursts bursts, int burst, int count) {
    double[] millis = new double[count];
    int[] chosen = bursts.someOfOthers(burst, 2 * count);
    for (int i = 0; i < chosen.length; i++) {
      long before = System.nanoTime();
      var _ = torpor.perform(new Request.WakeAgent(Population.id(chosen[i]), null), Terms.NONE);
      if (i >= count) {
        millis[i - count] = (System.nanoTime() - before) / 1e6;
      }
    }
    return millis;
  }

  /** Milliseconds between when each was due and when its waking was decided. */
  private static double[] lateness(Torpor torpor, Bursts bursts, int burst) {
    int first = bursts.first(burst);
    double[] millis = new double[bursts.size()];
    for (int i = 0; i < millis.length; i++) {
      Session session = torpor.view(Population.id(first + i)).session();
      if (session.status() == AgentStatus.SLEEPING) {
        throw new IllegalStateException("agent " + session.agentId() + " still sleeps");
      }
      Duration late = Duration.between(bursts.due(first + i), session.lastActivity());
      millis[i] = late.toNanos() / 1e6;
    }
    return millis;
  }
}
