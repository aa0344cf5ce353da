package dev.torpor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.AgentSpec;
import dev.torpor.Torpor;
import dev.torpor.rules.MailDraft;
import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import dev.torpor.server.Server;
import dev.torpor.server.ServerOptions;
import dev.torpor.state.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "serve",
        "agents",
        "show",
        "history",
        "submit",
        "mail",
        "mail send",
        "mail check",
        "mail list",
        "sleep",
        "wake",
        "start",
        "stop",
        "broadcast",
        "stats",
        "export",
        "import",
        "verify",
        "repair",
        "clean-up"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run((command + " --help").split(" "))).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("Usage: torpor " + command);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void theDemosServerIsNotOffered() {
    run("--help");

    assertThat(out.toString()).contains("demo").doesNotContain("demo-server");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "show",
        "agents --limit many",
        "serve --port 70000",
        "submit a b --payload {",
        "sleep a --seconds 1 --until 2030-01-01T00:00:00Z",
        "sleep a --seconds long",
        "mail",
        "show a --server nowhere",
        "show a --token-file /does/not/exist",
        "demo /does/not/exist"
      })
  void wrongUsageIsOneLineAndExitCode2(String line) {
    assertThat(run(line.split(" "))).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(err.toString())
        .startsWith("torpor: ")
        .hasLineCount(1)
        .doesNotContain("java.")
        .doesNotContain("Exception");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aServerThatCannotListenSaysWhereInOneLineAndTouchesNoFolder(@TempDir Path folder)
      throws IOException {
    Path state = folder.resolve("state");
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(other.getLocalPort());

      assertThat(run("serve", "--state", state.toString(), "--port", port))
          .isEqualTo(ExitCode.FAILED);
      assertThat(err.toString()).hasLineCount(1).contains("127.0.0.1:" + port);
    }
    assertThat(run("serve", "--state", state.toString(), "--host", "0.0.0.0"))
        .isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(run("serve", "--state", state.toString(), "--host", "no.such.host.invalid"))
        .isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(err.toString()).hasLineCount(3).contains("no.such.host.invalid");
    assertThat(state).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "agents", "verify"})
  void aStateFolderWithoutANameIsNotTheFolderOneIsIn(String command) {
    assertThat(run(command, "--state", "")).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(err.toString()).hasLineCount(1).contains("--state");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(run()).isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(out.toString()).contains("broadcast");
  }

  @Test
  void aFailureIsOneLineUnlessTheStackTraceIsAskedFor() {
    assertThat(run("agents", "--server", NOBODY)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).hasLineCount(1).contains("torpor serve");

    run("agents", "--server", NOBODY, "--verbose");
    assertThat(err.toString()).contains("at dev.torpor");
  }

  @Test
  void aFolderThatNobodyHoldsIsReadWithoutAServer(@TempDir Path folder) {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("alice", AgentSpec.of("echo")).remember("colour", "green");
    }

    assertThat(run("agents", "--state", folder.toString())).isEqualTo(ExitCode.DONE);
    assertThat(run("show", "alice", "--state", folder.toString())).isEqualTo(ExitCode.DONE);
    assertThat(run("stats", "--state", folder.toString(), "--json")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("alice").contains("green").contains("\"entries\"");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void mailIsCheckedInAFolderButNotMarkedRead(@TempDir Path folder) {
    try (Torpor torpor = Torpor.open(folder)) {
      torpor.agent("alice", AgentSpec.of("echo"));
      torpor.perform(
          new Request.SendMail(MailDraft.of(Session.USER, "alice", "a subject", "a body")),
          Terms.NONE);
    }

    String[] check = {"mail", "check", "alice", "--state", folder.toString()};
    assertThat(run(check)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("a subject").contains("a body");
    assertThat(run("mail", "check", "alice", "--state", folder.toString(), "--mark-read"))
        .isEqualTo(ExitCode.WRONG_USAGE);
    assertThat(err.toString()).hasLineCount(1).contains("--mark-read");
    out.getBuffer().setLength(0);
    run(check);
    assertThat(out.toString()).contains("a subject");
  }

  @Test
  void aFolderThatIsAFileIsCalledOne(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run("agents", "--state", file.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(run("serve", "--port", "0", "--state", file.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).hasLineCount(2);
    assertThat(err.toString().lines()).allMatch(line -> line.contains(file + " is a file"));
  }

  @Test
  void aFolderThatIsHeldIsRefused(@TempDir Path folder) {
    try (Torpor _ = Torpor.open(folder)) {
      assertThat(run("agents", "--state", folder.toString())).isEqualTo(ExitCode.FAILED);
    }
    assertThat(err.toString()).hasLineCount(1).contains(folder.toString());
  }

  @Test
  void aWholeFolderIsVerifiedWithExitCode0AndADamagedOneWith3(@TempDir Path folder)
      throws IOException {
    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      torpor.agent("alice", AgentSpec.of("echo")).remember("colour", "green");
    }
    String[] verify = {"verify", "--state", folder.toString()};
    assertThat(run(verify)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).hasLineCount(1).startsWith("no damage: 1 agents, ");

    Path pack = folder.resolve("packs/0000000001.jsonl");
    byte[] bytes = Files.readAllBytes(pack);
    bytes[200] ^= 1;
    Files.write(pack, bytes);
    assertThat(run(verify)).isEqualTo(ExitCode.DAMAGED);
    assertThat(out.toString())
        .contains("packs/0000000001.jsonl: at byte ", "(can be healed)", "1 damaged;");
    out.getBuffer().setLength(0);
    assertThat(run("verify", "--state", folder.toString(), "--json")).isEqualTo(ExitCode.DAMAGED);
    Answer report = Answer.of(JsonText.read(out.toString()));
    assertThat(report.value("clean")).isEqualTo(false);
    assertThat(report.objects("damaged").getFirst().value("healable")).isEqualTo(true);
    assertThat(err.toString()).isEmpty();
    assertThat(pack).hasBinaryContent(bytes);
  }

  @Test
  void aDamagedFolderIsRepairedAndWholeBehindIt(@TempDir Path folder) throws IOException {
    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      torpor.agent("alice", AgentSpec.of("echo")).remember("colour", "green");
    }
    Path pack = folder.resolve("packs/0000000001.jsonl");
    byte[] good = Files.readAllBytes(pack);
    byte[] bad = good.clone();
    bad[200] ^= 1;
    Files.write(pack, bad);
    String state = folder.toString();

    assertThat(run("repair", "--dry-run", "--state", state)).isEqualTo(ExitCode.DAMAGED);
    assertThat(out.toString()).contains("(can be healed)", "torpor repair heals");
    assertThat(pack).hasBinaryContent(bad);
    out.getBuffer().setLength(0);
    assertThat(run("repair", "--state", state)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("(healed)", "all is healed, and nothing is lost; 1 agents");
    assertThat(folder.resolve("packs/0000000002.jsonl")).hasBinaryContent(good);
    assertThat(run("verify", "--state", state)).isEqualTo(ExitCode.DONE);
    out.getBuffer().setLength(0);
    assertThat(run("repair", "--state", state, "--json")).isEqualTo(ExitCode.DONE);
    assertThat(Answer.of(JsonText.read(out.toString())).value("whole")).isEqualTo(true);
  }

  @Test
  void anAgentThatLostSomethingIsBroughtBackFromItsDocuments(@TempDir Path folder)
      throws IOException {
    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      torpor.agent("alice", AgentSpec.of("echo")).remember("colour", "green");
    }
    Path pack = folder.resolve("packs/0000000001.jsonl");
    byte[] bytes = Files.readAllBytes(pack);
    bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("green")] ^= 1;
    Files.write(pack, bytes);
    Files.write(folder.resolve("mirror/0000000001.jsonl.zst"), new byte[9]);
    String state = folder.toString();

    assertThat(run("repair", "--state", state)).isEqualTo(ExitCode.DAMAGED);
    assertThat(out.toString())
        .contains("agent alice is damaged; torpor repair --from-documents alice brings version 2");
    out.getBuffer().setLength(0);
    assertThat(run("repair", "--dry-run", "--state", state)).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("torpor repair --from-documents alice brings");
    assertThat(run("repair", "--state", state, "--from-documents", "bob"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("bob");
    out.getBuffer().setLength(0);
    assertThat(run("repair", "--state", state, "--from-documents", "alice"))
        .isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("agent alice is back from its documents");
    try (Torpor torpor = Torpor.reading(folder)) {
      assertThat(torpor.memory("alice", "colour")).isEqualTo("green");
    }
  }

  @Test
  void whereNothingElseIsLeftAStoreIsMadeOfDocuments(@TempDir Path folder) throws IOException {
    try (Torpor torpor = Torpor.at(folder).checkpointEvery(Duration.ofHours(1)).open()) {
      torpor.agent("alice", AgentSpec.of("echo")).remember("colour", "green");
    }
    for (String name : List.of("packs", "mirror", "journal", "system")) {
      try (var files = Files.list(folder.resolve(name))) {
        for (Path file : files.filter(f -> !f.toString().contains("documents")).toList()) {
          Files.write(file, new byte[9]);
        }
      }
    }
    String state = folder.toString();
    assertThat(run("repair", "--state", state)).isEqualTo(ExitCode.DAMAGED);
    assertThat(err.toString()).contains("nothing was changed");
    assertThat(run("repair", "--dry-run", "--state", state)).isEqualTo(ExitCode.DAMAGED);
    assertThat(out.toString()).contains("'torpor repair --from-documents' makes a store");
    out.getBuffer().setLength(0);
    assertThat(run("repair", "--state", state, "--from-documents")).isEqualTo(ExitCode.DAMAGED);
    assertThat(out.toString()).contains("agent alice is back from its documents");
    assertThat(run("verify", "--state", state)).isEqualTo(ExitCode.DONE);
    try (Torpor torpor = Torpor.reading(folder)) {
      assertThat(torpor.memory("alice", "colour")).isEqualTo("green");
    }
  }

  @Test
  void aServerVerifiesWhatItServes(@TempDir Path folder) {
    try (Torpor torpor = Torpor.open(folder);
        Server server = Server.start(torpor, ServerOptions.DEFAULT.port(0))) {
      torpor.agent("alice", AgentSpec.of("echo"));
      assertThat(run("verify", "--server", server.url())).isEqualTo(ExitCode.DONE);
      assertThat(out.toString()).startsWith("no damage: 1 agents, ");
      assertThat(run("verify", "--server", server.url(), "--state", folder.toString()))
          .isEqualTo(ExitCode.WRONG_USAGE);
      assertThat(run("verify", "--state", folder.toString())).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString()).contains("held by the server " + server.url());
    }
  }

  @Test
  void aServerCleansUp(@TempDir Path folder) {
    try (Torpor torpor = Torpor.open(folder);
        Server server = Server.start(torpor, ServerOptions.DEFAULT.port(0))) {
      torpor.agent("alice", AgentSpec.of("echo"));
      torpor.agent("bob", AgentSpec.of("echo")).delete();
      assertThat(run("clean-up", "--max-age", "1h", "--server", server.url()))
          .isEqualTo(ExitCode.DONE);
      assertThat(out.toString()).isEqualTo("0 deleted; what deleted agents had is erased\n");
      assertThat(run("clean-up", "--max-age", "1ms", "--server", server.url()))
          .isEqualTo(ExitCode.DONE);
      assertThat(out.toString()).endsWith("alice\n1 deleted; what deleted agents had is erased\n");
      assertThat(run("clean-up", "--server", server.url())).isEqualTo(ExitCode.WRONG_USAGE);
    }
  }

  @Test
  void aFolderThatIsNotThereIsNotMade(@TempDir Path folder) {
    Path missing = folder.resolve("missing");

    assertThat(run("stats", "--state", missing.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(Files.exists(missing)).isFalse();
  }
}
