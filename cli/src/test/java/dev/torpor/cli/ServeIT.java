package dev.torpor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server, and the commands beside it. */
class ServeIT {
  private static final String READY = "torpor ready ";

  @TempDir private Path folder;

  private Program serve() throws IOException {
    return Program.start(
        folder.resolve("server.log"), "serve", "--state", state().toString(), "--port", "0");
  }

  private Path state() {
    return folder.resolve("state");
  }

  private static String url(Program server) throws IOException {
    BufferedReader out = server.process().inputReader();
    String line = out.readLine();
    assertThat(line).startsWith(READY + "http://127.0.0.1:");
    return line.substring(READY.length());
  }

  @Test
  void aCommandOnAFolderThatAServerHoldsSaysSoAndNamesTheServer() throws Exception {
    try (Program server = serve()) {
      String url = url(server);
      for (String command : List.of("agents", "serve", "verify", "repair")) {
        Program.Ended refused =
            Program.run(folder.resolve("err"), command, "--state", state().toString());

        assertThat(refused.status()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
            .hasLineCount(1)
            .contains("held by the server " + url)
            .contains("pid " + server.process().pid());
      }
    }
  }

  @Test
  void aServerToldToStopWhileAStepRunsAndCallsWaitStopsWithStatusZeroAndGoesOnLater()
      throws Exception {
    String task;
    Object finished;
    try (Program first = serve();
        Caller caller = new RpcClient(url(first), null)) {
      assertThat(caller.call("runtime.info", Map.of()).text("version")).matches("\\d+\\..*");
      caller.call("agent.create", Map.of("agent_id", "a", "behavior", "script"));
      task =
          caller
              .call(
                  "task.submit",
                  Map.of(
                      "agent_id", "a",
                      "prompt", "p",
                      "payload",
                          Map.of(
                              "actions",
                              List.of(
                                  Map.of("step", "one", "result", "$uuid"),
                                  Map.of("step", "two", "take_seconds", 600)))))
              .text("task_id");
      await().until(() -> steps(caller, task).size() == 1);
      finished = steps(caller, task);
      CompletableFuture<Answer> waiting =
          CompletableFuture.supplyAsync(
              () -> caller.call("task.await", Map.of("task_id", task, "timeout_seconds", 60)));
      await().pollDelay(300, TimeUnit.MILLISECONDS).until(() -> !waiting.isDone());

      first.process().destroy();

      assertThat(first.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(first.process().exitValue()).isZero();
      assertThat(waiting.join().text("status")).isEqualTo("in_progress");
    }
    try (Program second = serve();
        Caller caller = new RpcClient(url(second), null)) {
      assertThat(steps(caller, task)).isEqualTo(finished);
      Answer again = caller.call("task.get", Map.of("task_id", task));
      assertThat(again.text("status")).isEqualTo("in_progress");
      assertThat(again.number("recoveries")).as("a graceful stop counts as none").isZero();
      caller.call("task.cancel", Map.of("task_id", task));
    }
  }

  private static List<?> steps(Caller caller, String task) {
    return caller.call("task.get", Map.of("task_id", task)).values("steps");
  }
}
