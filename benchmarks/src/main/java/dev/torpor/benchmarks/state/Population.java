package dev.torpor.benchmarks.state;

import dev.torpor.Torpor;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.SleepDraft;
import dev.torpor.state.Message;
import dev.torpor.state.TaskSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Agents with a past, all asleep. Plays {@link Role#POPULATE}. */
final class Population {

  private static final int MESSAGES = 50;
  private static final int TASKS = 5;
  private static final int MAILS = 3;
  private static final String TEXT = "m".repeat(200);

  private Population() {}

  static String id(int agent) {
    return "agent-%07d".formatted(agent);
  }

  /** A request for an agent with nothing but a behavior. */
  static Request<?> creation(String id) {
    return new Request.CreateAgent(id, id, Stores.BEHAVIOR, Map.of(), List.of(), Map.of(), true);
  }

  /** Arguments: the folder, how many agents. Ends gracefully. */
  static void build(String[] arguments) {
    try (Torpor torpor = Stores.at(Path.of(arguments[0])).open()) {
      Pipeline pipeline = new Pipeline(torpor);
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        add(pipeline, i);
      }
      pipeline.finish();
    }
    Role.say("built");
  }

  /** Asleep first, so that its tasks stay in its queue. */
  private static void add(Pipeline pipeline, int agent) {
    String id = id(agent);
    pipeline.perform(creation(id));
    pipeline.perform(
        new Request.PutToSleep(
            id, new SleepDraft(Duration.ofDays(30), null, List.of("morning"), null, false)));
    for (int i = 0; i < MESSAGES; i++) {
      pipeline.perform(new Request.AppendMessage(id, Message.user(TEXT)));
    }
    for (int i = 0; i < TASKS; i++) {
      pipeline.perform(new Request.SubmitTask(id, TaskSpec.of(TEXT)));
    }
    for (int i = 0; i < MAILS; i++) {
      String from = id(Math.max(0, agent - 1));
      pipeline.perform(new Request.SendMail(MailDraft.of(from, id, "a subject", TEXT)));
    }
  }
}
