package dev.torpor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RpcClientTest {
  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
  private HttpServer server;
  private int status = 200;
  private String answer = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/rpc",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private Answer call(@Nullable String token, Map<String, @Nullable Object> params) {
    try (RpcClient client = new RpcClient(url(), token)) {
      return client.call("agent.get", params);
    }
  }

  private CommandException failure() {
    return failureOf(() -> call(null, Map.of()));
  }

  private static CommandException failureOf(ThrowingCallable call) {
    Throwable[] thrown = new Throwable[1];
    assertThatThrownBy(call)
        .isInstanceOf(CommandException.class)
        .satisfies(failure -> thrown[0] = failure);
    return (CommandException) thrown[0];
  }

  @Test
  void aResultIsGivenAsItsFields() {
    answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"agent_id\":\"alice\",\"version\":3}}";

    Answer agent = call(null, Map.of("agent_id", "alice"));

    assertThat(agent.text("agent_id")).isEqualTo("alice");
    assertThat(agent.number("version")).isEqualTo(3);
  }

  @Test
  void parametersThatAreNullAreLeftOutAndTheTokenGoesWithTheCall() throws Exception {
    answer = "{\"result\":{}}";
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("limit", 5);
    params.put("cursor", null);

    call("secret", params);

    assertThat(bodies.take()).contains("\"params\":{\"limit\":5}");
    assertThat(tokens.take()).isEqualTo("Bearer secret");
  }

  @Test
  void aRefusalIsSaidWithItsHint() {
    answer =
        "{\"error\":{\"code\":-32001,\"message\":\"agent 'x' does not exist\","
            + "\"data\":{\"hint\":\"create it\"}}}";

    assertThat(failure()).hasMessage("agent 'x' does not exist; create it");
    assertThat(failure().exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void damageAndWrongParametersHaveTheirOwnExitCodes() {
    answer = "{\"error\":{\"code\":-32006,\"message\":\"damaged\"}}";
    assertThat(failure().exitCode()).isEqualTo(ExitCode.DAMAGED);

    answer = "{\"error\":{\"code\":-32602,\"message\":\"what?\"}}";
    assertThat(failure().exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
  }

  @Test
  void whatIsNoTorporServerIsSaid() {
    status = 404;
    answer = "<html>";

    assertThat(failure()).hasMessageContaining("HTTP 404").hasMessageContaining("torpor server");
  }

  @Test
  void aServerThatAsksForATokenIsSaid() {
    status = 401;

    assertThat(failure()).hasMessageContaining("--token-file");
  }

  @Test
  void withoutAServerItSaysHowToStartOne() {
    String url = url();
    server.stop(0);

    assertThat(failure()).hasMessage("no server at " + url + "; start one with: torpor serve");
  }

  @Test
  void anAddressThatIsNoneIsWrongUsage() {
    CommandException failure = failureOf(() -> new RpcClient("localhost:7070", null));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
  }
}
