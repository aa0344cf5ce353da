package dev.torpor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.state.AgentStatus;
import dev.torpor.state.Message;
import dev.torpor.state.Role;
import dev.torpor.state.Task;
import dev.torpor.state.TaskStatus;
import dev.torpor.state.WakeEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java that the design promises. */
class ReadmeTest {
  private final Model model = new Model();

  private static final class Model {
    final AtomicInteger calls = new AtomicInteger();

    String chat(List<Message> history) {
      calls.incrementAndGet();
      return "about: " + history.getLast().text();
    }
  }

  @Test
  void theFirstExampleDoesWhatItsCommentsSay(@TempDir Path folder) {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("debbie", AgentSpec.of("none"));
      torpor.behavior(
          "reviewer",
          turn -> {
            turn.append(Message.user(turn.task().prompt()));
            String answer = turn.step("ask", () -> model.chat(turn.history().last(50)));
            turn.append(Message.assistant(answer));
            turn.memory().put("files_seen", 15);
            turn.mail("debbie").subject("Found a leak").body(answer).send();
            turn.thenSleep(Duration.ofMinutes(30), WakeEvent.MAIL_RECEIVED);
          });
      Agent alice = torpor.agent("alice_123", AgentSpec.of("reviewer"));
      Task task = alice.submit("Review Journal.java");
      Task done = alice.await(task.id(), Duration.ofMinutes(1));

      assertThat(done.status()).isEqualTo(TaskStatus.COMPLETED);
      assertThat(alice.history(10))
          .extracting(Message::role)
          .containsExactly(Role.USER, Role.ASSISTANT);
      assertThat(alice.history(1).getFirst().text()).isEqualTo("about: Review Journal.java");
      assertThat(alice.memory("files_seen")).isEqualTo(15);
      assertThat(torpor.agent("debbie").unreadMail())
          .singleElement()
          .satisfies(mail -> assertThat(mail.subject()).isEqualTo("Found a leak"));
      assertThat(alice.view().session().status()).isEqualTo(AgentStatus.SLEEPING);
      assertThat(model.calls).hasValue(1);
      torpor.agent("debbie").mail("alice_123", "thanks", "!");
      assertThat(torpor.tasks("alice_123", null, 10, null).items())
          .extracting(Task::type)
          .containsExactly("task", "wake");
    }
  }
}
