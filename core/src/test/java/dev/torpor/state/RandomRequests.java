package dev.torpor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.rules.Draft;
import dev.torpor.rules.EventRules;
import dev.torpor.rules.ImportRules;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Refusal;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.SleepDraft;
import dev.torpor.rules.TurnRules;
import dev.torpor.store.JsonStateSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests by chance, some of which fit the state and some do not. */
public final class RandomRequests {
  public static final List<String> AGENTS = List.of("alice", "bob", "carl");

  private RandomRequests() {}

  /** Asks for one thing; what is refused has changed nothing. */
  public static void act(World world, Random random) {
    String a = AGENTS.get(random.nextInt(AGENTS.size()));
    String b = random.nextInt(8) == 0 ? "user" : AGENTS.get(random.nextInt(AGENTS.size()));
    try {
      switch (random.nextInt(28)) {
        case 0, 1, 2 -> world.ask(World.creation(a));
        case 3 -> world.ask(new Request.DeleteAgent(random.nextInt(4) == 0 ? a : "none"));
        case 4, 5, 6 ->
            world.ask(
                new Request.SubmitTask(
                    a,
                    TaskSpec.of("p")
                        .priority(Priority.values()[random.nextInt(4)])
                        .maxAttempts(1 + random.nextInt(2))
                        .notBefore(random.nextInt(3) == 0 ? world.now.plusSeconds(2) : null)));
        case 7, 8, 9 -> world.start(a);
        case 10, 11, 12, 13 -> turn(world, random, a, b);
        case 14 -> world.ask(new Request.PutToSleep(a, sleep(random)));
        case 15 -> world.ask(new Request.WakeAgent(a, null));
        case 16 -> world.ask(new Request.StopAgent(a));
        case 17 -> world.ask(new Request.StartAgent(a));
        case 18, 19 ->
            world.ask(
                new Request.SendMail(
                    MailDraft.of(a, b, "s", "b")
                        .priority(Priority.values()[random.nextInt(4)])
                        .expectsReply(random.nextBoolean(), null)));
        case 20 -> mail(world, random, b);
        case 21 -> world.broadcast(random.nextBoolean() ? "go" : "stay", random.nextInt());
        case 22 -> {
          world.ask(new Request.PutMemory(a, "k" + random.nextInt(3), random.nextInt()));
          world.ask(new Request.RemoveMemory(a, "k" + random.nextInt(3)));
        }
        case 23 -> {
          world.pass(Duration.ofSeconds(random.nextInt(3)));
          List<String> due = new ArrayList<>();
          world.table.scan(Keys.DUE).forEachRemaining(line -> due.add(line.key()));
          due.forEach(key -> world.decide(draft -> Rules.due(draft, key)));
        }
        case 24 ->
            world.decide(
                draft -> {
                  Rules.recover(draft, a);
                  return true;
                });
        case 26 -> {
          if (random.nextInt(4) == 0) {
            world.decide(
                draft -> {
                  Rules.erase(draft);
                  return true;
                });
          }
          move(world, random, a);
        }
        case 25 -> broadcastUnderKey(world, "key/ü " + random.nextInt(3), random.nextInt(2));
        default -> cancel(world, random, a);
      }
    } catch (Refusal expected) {
      // it changed nothing, which is checked
    }
  }

  /** Recorded, and perhaps not yet over when the next thing happens. */
  private static void broadcastUnderKey(World world, String key, int data) {
    var request = new Broadcast.Request("broadcast", "", key, "digest of " + data);
    long seq = world.decide(draft -> EventRules.record(draft, "go", data, request));
    if (seq < world.seq()) { // it was on its way already
      world.decide(draft -> String.valueOf(EventRules.deliver(draft, seq, "", 2)));
      world.<Broadcast>decide(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson));
    }
  }

  /** An agent goes, and comes again as it was, at once or in portions, or comes to nothing. */
  private static void move(World world, Random random, String a) {
    AgentState agent = world.fold.agent(a);
    if (agent == null) {
      return;
    }
    Session session = agent.session();
    boolean atOnce = random.nextBoolean();
    List<ImportedEntry> entries = new ArrayList<>();
    List<ImportedEntry> ofStore = new ArrayList<>();
    for (Entry entry : FoldTest.entries(world.table)) {
      Object value = entry.value();
      if (value instanceof Event || value instanceof Deleted || value instanceof Remembered) {
        ofStore.add(new ImportedEntry(entry.key(), 0, value));
      } else if (entry.key().startsWith(Keys.agent(a))
          && !(value instanceof String || value instanceof Session)) {
        entries.add(new ImportedEntry(entry.key(), entry.version(), value));
      }
    }
    if (!atOnce || random.nextBoolean()) {
      world.ask(new Request.DeleteAgent(a));
    }
    ImportRules.check(world.fold, session, entries, true, atOnce, world.limits);
    if (atOnce) {
      world.decide(draft -> imported(draft, session, entries));
    } else {
      int half = entries.size() / 2;
      world.decide(draft -> begun(draft, a, entries.subList(0, half)));
      if (random.nextInt(3) == 0) {
        assertThat(ImportRules.cutOff(world.fold)).containsExactly(a);
        assertThat(world.fold.agent(a)).isNull();
        world.decide(
            draft -> {
              ImportRules.drop(draft, a);
              return true;
            });
      } else {
        world.decide(
            draft -> {
              ImportRules.add(draft, a, entries.subList(half, entries.size()));
              ImportRules.end(draft, session, 0);
              return true;
            });
      }
    }
    world.decide(
        draft -> {
          ImportRules.addToStore(draft, ofStore);
          return true;
        });
    assertThat(ImportRules.cutOff(world.fold)).isEmpty();
  }

  private static boolean imported(Draft draft, Session session, List<ImportedEntry> entries) {
    long before = ImportRules.lastVersion(draft, session.agentId());
    begun(draft, session.agentId(), entries);
    ImportRules.end(draft, session, before);
    return true;
  }

  private static boolean begun(Draft draft, String agent, List<ImportedEntry> entries) {
    ImportRules.begin(draft, agent);
    ImportRules.add(draft, agent, entries);
    return true;
  }

  private static void cancel(World world, Random random, String a) {
    AgentState agent = world.fold.agent(a);
    if (agent != null && random.nextInt(3) == 0) {
      List<Task> tasks = AgentSnapshot.of(a, world.table).tasks();
      if (!tasks.isEmpty()) {
        world.ask(new Request.CancelTask(tasks.get(random.nextInt(tasks.size())).taskId(), "no"));
      }
    } else {
      world.ask(new Request.UpdateAgent(a, "n" + random.nextInt(), null, null, null, null));
    }
  }

  private static SleepDraft sleep(Random random) {
    List<String> events =
        List.of("go", "mail_received", "task_submitted", "high_priority_mail", "system_event");
    int from = random.nextInt(events.size());
    return new SleepDraft(
        random.nextBoolean() ? Duration.ofSeconds(random.nextInt(4)) : null,
        null,
        events.subList(from, events.size()),
        null,
        random.nextBoolean());
  }

  private static void turn(World world, Random random, String a, String b) {
    AgentState agent = world.fold.agent(a);
    Task turn = agent == null ? null : agent.running();
    if (turn == null) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> world.step(turn, "s" + random.nextInt(), List.of(1, "x"));
      case 1 -> world.end(turn, null, new TurnRules.Outcome.Failed("e"));
      case 2 -> world.end(turn, null, new TurnRules.Outcome.Suspended());
      default -> {
        List<dev.torpor.rules.Effect> effects =
            List.of(
                new dev.torpor.rules.Effect.Append(Message.user("m")),
                new dev.torpor.rules.Effect.Put("k0", 1),
                new dev.torpor.rules.Effect.Send(
                    List.of("m" + world.seq()), MailDraft.of(a, b, "s", "b")),
                new dev.torpor.rules.Effect.Submit(
                    AGENTS.get(random.nextInt(3)), "t" + world.seq(), TaskSpec.of("p")));
        SleepDraft sleep = random.nextBoolean() ? sleep(random) : null;
        world.decide(
            draft ->
                TurnRules.finish(
                    draft, turn, effects, sleep, new TurnRules.Outcome.Completed("r")));
      }
    }
  }

  private static void mail(World world, Random random, String owner) {
    AgentSnapshot agent = AgentSnapshot.of(owner, world.table);
    if (agent == null || agent.received().isEmpty()) {
      return;
    }
    String id = agent.received().get(random.nextInt(agent.received().size())).messageId();
    switch (random.nextInt(4)) {
      case 0 -> world.ask(new Request.ReplyToMail(id, null, "b"));
      case 1 -> world.ask(new Request.ArchiveMail(id));
      case 2 -> world.ask(new Request.AcknowledgeMail(owner, List.of(id)));
      default -> world.ask(new Request.TakeMail(owner, 2));
    }
  }
}
