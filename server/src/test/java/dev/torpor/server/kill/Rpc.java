package dev.torpor.server.kill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that asks again until it is answered, as a careful one would. */
final class Rpc {
  /** On a busy machine a server may be killed many times before it has answered a call. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Supplier<String> url;
  private final AtomicLong answers;

  /**
   * @param answers counts the calls that were answered
   */
  Rpc(Supplier<String> url, AtomicLong answers) {
    this.url = url;
    this.answers = answers;
  }

  /** Params as name, value, name, value. The answer is the result; an error is a failure. */
  JsonNode call(String method, Object... params) throws InterruptedException {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      named.put((String) params[i], params[i + 1]);
    }
    String body =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", named));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        JsonNode result = result(method, send(body));
        answers.incrementAndGet();
        return result;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw new AssertionError("no answer to " + method, e);
        }
        Thread.sleep(5); // the server is being started again
      }
    }
  }

  private String send(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.get() + "/rpc"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(70))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static JsonNode result(String method, String answer) throws IOException {
    JsonNode json = JSON.readTree(answer);
    JsonNode error = json.get("error");
    if (error == null) {
      return json.get("result");
    }
    if (error.get("code").asInt() == -32005) {
      throw new IOException(error.get("message").asString()); // ask again with the same key
    }
    throw new AssertionError(method + ": " + error);
  }
}
