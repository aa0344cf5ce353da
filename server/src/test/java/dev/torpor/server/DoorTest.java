package dev.torpor.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorTest {
  private static final byte[] LIST = Rig.body(1, "agent.list").getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(folder);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void healthAndReadinessAreTold() {
    assertThat(rig.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(new String(rig.get("/healthz").body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"status\":\"ok\"}");
    assertThat(rig.get("/readyz").statusCode()).isEqualTo(200);
    rig.torpor.close();
    assertThat(rig.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(rig.get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void onlyTheServersOwnNamesAreItsHost() throws IOException {
    int port = rig.server.port();
    for (String own : new String[] {"127.0.0.1", "localhost", "LOCALHOST", "[::1]"}) {
      assertThat(statusWithHost(own + ":" + port, "/healthz")).as(own).isEqualTo(200);
    }
    for (String foreign :
        new String[] {
          "evil.example:" + port, "127.0.0.1", "localhost:1", "127.0.0.1.evil:" + port
        }) {
      assertThat(statusWithHost(foreign, "/healthz")).as(foreign).isEqualTo(403);
      assertThat(statusWithHost(foreign, "/rpc")).as(foreign).isEqualTo(403);
      assertThat(statusWithHost(foreign, "/no-such-path")).as(foreign).isEqualTo(403);
    }
  }

  /** A client that lies about the host; those of the JDK do not. */
  private int statusWithHost(String host, String path) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", rig.server.port())) {
      String request =
          "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Integer.parseInt(answer.split(" ")[1]);
    }
  }

  @Test
  void callsFromPagesOfAnotherOriginAreRefused() {
    assertThat(rig.post(LIST, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
    assertThat(rig.post(LIST, "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(rig.post(LIST, "Origin", rig.server.url()).statusCode()).isEqualTo(200);
  }

  @Test
  void onlyJsonIsTaken() {
    assertThat(rig.post(LIST, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
    assertThat(rig.post(LIST, "Content-Type", "application/json; charset=latin1").statusCode())
        .isEqualTo(415);
    assertThat(rig.post(LIST, "Content-Type", "application/json; charset=UTF-8").statusCode())
        .isEqualTo(200);
  }

  @Test
  void aTokenIsAskedForWhereThereIsOne() {
    rig.close();
    rig = new Rig(folder, ServerOptions.DEFAULT.port(0).token("s3cret"));
    HttpResponse<byte[]> refused = rig.post(LIST);
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("-32004");
    assertThat(rig.post(LIST, "Authorization", "Bearer wrong").statusCode()).isEqualTo(401);
    assertThat(rig.post(LIST, "Authorization", "Bearer s3cret").statusCode()).isEqualTo(200);
    assertThat(ServerOptions.DEFAULT.token("s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void noSpellingOfThePathLeadsPastTheDoor() throws IOException {
    rig.close();
    rig = new Rig(folder, ServerOptions.DEFAULT.port(0).token("s3cret"));
    for (String path : new String[] {"/rpc/", "//rpc", "/rpc;x=1", "/%72pc", "/RPC", "/./rpc"}) {
      String body = new String(LIST, StandardCharsets.UTF_8);
      String answer = answered("POST " + path, "Content-Type: application/json", body);
      assertThat(answer).as(path).doesNotContain("\"result\"");
    }
  }

  @Test
  void everyPathRefusesPagesOfAnotherOrigin() throws IOException {
    for (String path : new String[] {"/healthz", "/readyz", "/rpc", "/rpc/", "/no-such-path"}) {
      assertThat(answered("GET " + path, "Origin: http://evil.example", ""))
          .as(path)
          .startsWith("HTTP/1.1 403");
    }
  }

  /** What is answered to a request that the JDK's client would not send as it stands here. */
  private String answered(String methodAndPath, String header, String body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", rig.server.port())) {
      String request =
          "%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(methodAndPath, rig.server.port(), header, body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aServerForTheNetworkNeedsAToken() {
    assertThatThrownBy(
            () -> Server.start(rig.torpor, ServerOptions.DEFAULT.host("0.0.0.0").port(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    byte[] large = new byte[(10 << 20) + 1];
    HttpResponse<byte[]> refused = rig.post(large);
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("-32003");
  }

  @Test
  void aClientThatWritesAllOfATooLargeBodyFirstHearsWhy() throws IOException {
    assertThat(answered("POST /rpc", "Content-Type: application/json", "x".repeat(30 << 20)))
        .startsWith("HTTP/1.1 413")
        .contains("-32003")
        .contains("max_body_bytes");
  }

  @Test
  void aPromptThatIsTooLargeIsALimit() {
    rig.call("agent.create", "agent_id", "a");
    assertThat(rig.refused("task.submit", "agent_id", "a", "prompt", "x".repeat((1 << 20) + 1)))
        .containsEntry("code", -32003);
    assertThat(rig.call("task.submit", "agent_id", "a", "prompt", "x".repeat(1 << 20)))
        .containsKey("task_id");
  }
}
