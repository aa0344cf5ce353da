package dev.torpor.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCloseTest {
  @TempDir Path folder;

  @Test
  void callsThatWaitAreAnsweredWithWhatThereIsAndHoldNothingUp() {
    try (Rig rig = new Rig(folder)) {
      rig.call("agent.create", "agent_id", "a", "auto_start", false);
      Object task = rig.call("task.submit", "agent_id", "a", "prompt", "p").get("task_id");
      CompletableFuture<Map<String, Object>> finished =
          CompletableFuture.supplyAsync(
              () -> rig.call("task.await", "task_id", task, "timeout_seconds", 60));
      CompletableFuture<Map<String, Object>> mail =
          CompletableFuture.supplyAsync(
              () -> rig.call("mail.wait", "agent_id", "a", "timeout_seconds", 60));
      await().pollDelay(Duration.ofMillis(300)).until(() -> !finished.isDone() && !mail.isDone());

      Instant began = Instant.now();
      rig.server.close();

      assertThat(finished.join()).containsEntry("status", "pending");
      assertThat(mail.join()).containsEntry("mail", List.of());
      assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(2));
    }
  }
}
