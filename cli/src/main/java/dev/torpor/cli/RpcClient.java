package dev.torpor.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A client of a running server. Thread-safe. */
public final class RpcClient implements Caller {
  /** The longest wait that a method offers is 60 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final URI server;
  private final @Nullable String token;
  private final Duration timeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicLong ids = new AtomicLong();

  /**
   * Creates a client; nothing is connected before the first call.
   *
   * @param server where the server is: {@code http://HOST:PORT}
   * @param token what the server asks for; null: nothing
   */
  public RpcClient(String server, @Nullable String token) {
    this(server, token, TIMEOUT);
  }

  /** The same, for calls that may take longer than others. */
  RpcClient(String server, @Nullable String token, Duration timeout) {
    this.server = address(server);
    this.token = token;
    this.timeout = timeout;
  }

  private static URI address(String server) {
    try {
      URI uri = URI.create(server.replaceAll("/+$", "") + "/rpc");
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // not an address at all: the same answer
    }
    throw CommandException.wrongUsage(
        "'" + server + "' is not a server's address; give one like http://127.0.0.1:7070");
  }

  @Override
  public Answer call(String method, Map<String, ? extends @Nullable Object> params) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>(params);
    given.values().removeIf(value -> value == null);
    String request =
        JsonText.write(
            Map.of(
                "jsonrpc", "2.0", "id", ids.incrementAndGet(), "method", method, "params", given));
    HttpResponse<String> response = send(request);
    return result(response);
  }

  private HttpResponse<String> send(String request) {
    return send(
        request("/rpc")
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(request))
            .build(),
        BodyHandlers.ofString());
  }

  /** A request to a path of the server, with the token. */
  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  /** Sends a request; there is an answer, or it is said why not. */
  <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (ConnectException e) {
      throw CommandException.failed("no server at " + base() + "; start one with: torpor serve", e);
    } catch (IOException e) {
      throw CommandException.failed(
          "the server at " + base() + " did not answer: " + reason(e) + "; try again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted", e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Why a path that is no method was answered with another status than 200. */
  CommandException refused(int status, String body) {
    Answer answer = answer(status, body);
    return answer.has("error") ? error(answer) : noResult(status);
  }

  private static CommandException error(Answer answer) {
    Answer error = answer.object("error");
    return Refusals.of(
        (int) error.number("code"), error.text("message"), error.object("data").text("hint"));
  }

  private CommandException noResult(int status) {
    return CommandException.failed(
        "%s answered with HTTP %d and no result; is it a torpor server?".formatted(base(), status));
  }

  private Answer result(HttpResponse<String> response) {
    Answer answer = answer(response.statusCode(), response.body());
    if (answer.has("error")) {
      throw error(answer);
    }
    if (!answer.fields().containsKey("result")) {
      throw noResult(response.statusCode());
    }
    return answer.object("result");
  }

  private Answer answer(int status, String body) {
    if (status == 401) {
      throw CommandException.failed(base() + " asks for a token; give it with --token-file FILE");
    }
    try {
      return Answer.of(JsonText.read(body));
    } catch (IllegalArgumentException e) {
      throw CommandException.failed(
          "%s answered with HTTP %d and no JSON; is it a torpor server?".formatted(base(), status),
          e);
    }
  }

  private String base() {
    return server.getScheme() + "://" + server.getAuthority();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
