package dev.torpor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents go from a packaged server into files, and from there into folders and other servers. */
class MovingIT {
  private static final String READY = "torpor ready ";

  @TempDir private Path folder;

  private Program serve(String state) throws IOException {
    return Program.start(
        folder.resolve(state + ".log"), "serve", "--state", path(state), "--port", "0");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static String url(Program server) throws IOException {
    BufferedReader out = server.process().inputReader();
    return out.readLine().substring(READY.length());
  }

  private Program.Ended run(String... arguments) throws Exception {
    return Program.run(folder.resolve("err"), arguments);
  }

  @Test
  void agentsGoFromAServerIntoAFolderAndFromThereToAnotherServer() throws Exception {
    try (Program server = serve("one")) {
      String url = url(server);
      try (Caller caller = new RpcClient(url, null)) {
        caller.call("agent.create", Map.of("agent_id", "alice"));
        caller.call(
            "context.append", Map.of("agent_id", "alice", "role", "user", "content", "höi"));
      }
      Program.Ended exported = run("export", path("all.jsonl.zst"), "--server", url);
      assertThat(exported.err()).isEmpty();
      assertThat(exported.status()).isZero();
      assertThat(exported.out()).startsWith("exported 1 agents");

      Program.Ended again = run("export", path("all.jsonl.zst"), "--server", url);
      assertThat(again.status()).isEqualTo(ExitCode.FAILED);
      assertThat(again.err()).hasLineCount(1).contains("is there already").contains("--force");
      assertThat(run("export", path("x"), "--server", url, "--agent", "nobody").err())
          .hasLineCount(1)
          .contains("agent 'nobody' does not exist");
      assertThat(folder.resolve("x")).doesNotExist();
      Program.Ended held = run("import", path("all.jsonl.zst"), "--state", path("one"));
      assertThat(held.status()).isEqualTo(ExitCode.FAILED);
      assertThat(held.err()).hasLineCount(1).contains("held by the server " + url);
    }
    Program.Ended imported = run("import", path("all.jsonl.zst"), "--state", path("two"), "--json");
    assertThat(imported.err()).isEmpty();
    assertThat(imported.out()).contains("\"agents\" : 1");
    assertThat(run("export", path("alice.jsonl"), "--state", path("two"), "--agent", "alice").out())
        .startsWith("exported 1 agents");
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
    try (Program server = serve("three")) {
      String url = url(server);
      byte[] whole = Files.readAllBytes(folder.resolve("alice.jsonl"));
      Files.write(folder.resolve("torn"), Arrays.copyOf(whole, whole.length - 10));
      Program.Ended torn = run("import", path("torn"), "--server", url);
      assertThat(torn.status()).isNotZero();
      assertThat(torn.err()).hasLineCount(1).contains("torn").contains("nothing was changed");

      assertThat(run("import", path("alice.jsonl"), "--server", url).out())
          .startsWith("imported 1 agents");
      Program.Ended twice = run("import", path("alice.jsonl"), "--server", url);
      assertThat(twice.status()).isEqualTo(ExitCode.FAILED);
      assertThat(twice.err()).hasLineCount(1).contains("agent 'alice' is here already");
      assertThat(run("import", path("alice.jsonl"), "--server", url, "--force").status()).isZero();
      try (Caller caller = new RpcClient(url, null)) {
        assertThat(caller.call("context.history", Map.of("agent_id", "alice")).number("total"))
            .isEqualTo(1);
      }
    }
  }
}
