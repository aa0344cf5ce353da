package dev.torpor.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.cli.Answer;
import dev.torpor.cli.Caller;
import dev.torpor.cli.CommandException;
import dev.torpor.cli.demo.Ledger.Kind;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  private final Ledger ledger = new Ledger();
  private final Map<String, Answer> answers = new HashMap<>();

  @BeforeEach
  void oneOfEach() {
    answers.put("agent.get", answer("agent_id", "lead", "behavior", "review-lead"));
    answers.put("task.get", task("first run"));
    answers.put("mail.list", answer("mail", List.of(mail().fields())));
    answers.put(
        "context.history",
        answer("messages", List.of(Map.of("index", 4, "content", "note 1")), "total", 5));
    ledger.agent(answers.get("agent.get"));
    ledger.task(answers.get("task.get"));
    ledger.mail(mail());
    ledger.message(4, "note 1");
  }

  private static Answer answer(Object... fields) {
    Map<String, @Nullable Object> answer = new HashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      answer.put((String) fields[i], fields[i + 1]);
    }
    return new Answer(answer);
  }

  private static Answer task(String mark) {
    return answer(
        "task_id", "t1",
        "agent_id", "lead",
        "status", "completed",
        "result", Map.of("files", 3),
        "steps", List.of(Map.of("name", "review A.java", "result", Map.of("mark", mark))));
  }

  private static Answer mail() {
    return answer("message_id", "m1", "from", "user", "to", "lead", "subject", "s", "body", "b");
  }

  private Map<Kind, Integer> lost() {
    Caller caller =
        new Caller() {
          @Override
          public Answer call(String method, Map<String, ? extends @Nullable Object> params) {
            Answer answer = answers.get(method);
            if (answer == null) {
              throw CommandException.failed("not found");
            }
            return answer;
          }

          @Override
          public void close() {}
        };
    Map<Kind, Integer> lost = new HashMap<>();
    Audit.lost(ledger, caller)
        .forEach(
            (kind, things) -> {
              if (!things.isEmpty()) {
                lost.put(kind, things.size());
              }
            });
    return lost;
  }

  @Test
  void whatIsThereAsItWasSaidIsNotLost() {
    assertThat(lost()).isEmpty();
  }

  @Test
  void aStepWithAnotherResultIsLost() {
    answers.put("task.get", task("second run"));

    assertThat(lost()).containsOnly(Map.entry(Kind.STEPS, 1));
  }

  @Test
  void aTaskThatIsGoneIsLostWithItsResultAndItsSteps() {
    answers.remove("task.get");

    assertThat(lost().keySet())
        .containsExactlyInAnyOrder(Kind.TASKS, Kind.FINISHED_TASKS, Kind.STEPS);
  }

  @Test
  void aTaskThatIsNoLongerFinishedIsLost() {
    Map<String, @Nullable Object> pending = new HashMap<>(task("first run").fields());
    pending.put("status", "pending");
    answers.put("task.get", new Answer(pending));

    assertThat(lost()).containsOnly(Map.entry(Kind.FINISHED_TASKS, 1));
  }

  @Test
  void anAgentAMailAndAMessageThatAreGoneAreLost() {
    answers.remove("agent.get");
    answers.put("mail.list", Answer.EMPTY);
    answers.put("context.history", Answer.EMPTY);

    assertThat(lost().keySet()).containsExactlyInAnyOrder(Kind.AGENTS, Kind.MAIL, Kind.MESSAGES);
  }

  @Test
  void aFinishedStepThatRanAgainIsARepeatAndOneThatWasCutOffIsNot(@TempDir Path folder)
      throws Exception {
    StepLog log = new StepLog(folder.resolve("steps.log"));
    log.ran("t1", "review A.java");
    log.ran("t1", "review B.java");
    log.ran("t1", "review B.java");
    assertThat(Repeats.of(ledger, log).finished()).isEmpty();
    assertThat(Repeats.of(ledger, log).cutOff()).containsExactly("t1 review B.java");

    log.ran("t1", "review A.java");

    assertThat(Repeats.of(ledger, log).finished()).containsExactly("t1 review A.java");
  }
}
