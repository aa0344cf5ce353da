package dev.torpor.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovingTest {
  @TempDir Path folder;

  private HttpResponse<byte[]> take(Rig rig, String query, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(rig.server.url() + "/import" + query))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .headers(headers);
    if (!List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/x-ndjson");
    }
    return Rig.HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static final String[] NO_TOKEN = {"Accept", "*/*"};

  @Test
  void agentsGoFromOneServerToAnother() throws Exception {
    byte[] all;
    byte[] one;
    try (Rig rig = new Rig(folder.resolve("a"))) {
      for (String id : List.of("alice", "bob")) {
        rig.call("agent.create", "agent_id", id);
        rig.call("context.append", "agent_id", id, "role", "user", "content", "höi " + id);
      }
      HttpResponse<byte[]> answer = rig.get("/export");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
      all = answer.body();
      one = rig.get("/export?agent_id=bob").body();
      assertThat(new String(one, UTF_8)).contains("höi bob").doesNotContain("alice");

      HttpResponse<byte[]> missing = rig.get("/export?agent_id=nobody");
      assertThat(missing.statusCode()).isEqualTo(404);
      assertThat(Rig.reason(Rig.object(Rig.object(Rig.read(missing.body())).get("error"))))
          .isEqualTo("agent_not_found");
    }
    try (Rig rig = new Rig(folder.resolve("b"))) {
      HttpResponse<byte[]> torn = take(rig, "", Arrays.copyOf(all, all.length / 2), NO_TOKEN);
      assertThat(torn.statusCode()).isEqualTo(400);
      assertThat(new String(torn.body(), UTF_8)).contains("torn").contains("nothing was changed");
      assertThat(rig.call("agent.list").get("agents")).isEqualTo(List.of());

      HttpResponse<byte[]> taken = take(rig, "", all, NO_TOKEN);
      assertThat(new String(taken.body(), UTF_8)).contains("\"agents\":2");
      assertThat(Rig.objects(rig.call("context.history", "agent_id", "alice").get("messages")))
          .extracting(message -> message.get("content"))
          .containsExactly("höi alice");
      rig.call("task.submit", "agent_id", "alice", "prompt", "on it goes");

      assertThat(take(rig, "", one, NO_TOKEN).statusCode()).isEqualTo(409);
      assertThat(take(rig, "?replace=true", one, NO_TOKEN).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void nobodyMovesAgentsWhoMayNotCall() throws Exception {
    try (Rig rig = new Rig(folder, ServerOptions.DEFAULT.port(0).token("secret"))) {
      assertThat(rig.get("/export").statusCode()).isEqualTo(401);
      assertThat(take(rig, "", new byte[0], NO_TOKEN).statusCode()).isEqualTo(401);
      String[] token = {"Authorization", "Bearer secret"};
      assertThat(take(rig, "", new byte[0], token).statusCode()).isEqualTo(400);
      String[] form = {"Authorization", "Bearer secret", "Content-Type", "text/plain"};
      assertThat(take(rig, "", new byte[0], form).statusCode()).isEqualTo(415);
      String[] foreign = {"Authorization", "Bearer secret", "Origin", "http://evil.example"};
      assertThat(take(rig, "", new byte[0], foreign).statusCode()).isEqualTo(403);
    }
  }
}
