package dev.torpor.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.torpor.Torpor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A server on a state folder, and a client of it. */
final class Rig implements AutoCloseable {
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final Torpor torpor;
  final Server server;

  Rig(Path folder) {
    this(folder, ServerOptions.DEFAULT.port(0));
  }

  Rig(Path folder, ServerOptions options) {
    this(Torpor.open(folder), options);
  }

  Rig(Torpor torpor, ServerOptions options) {
    this.torpor = torpor;
    BuiltInBehaviors.register(torpor);
    server = Server.start(torpor, options);
  }

  /** Calls a method that should succeed; params are names and values by turns. */
  Map<String, Object> call(String method, Object... params) {
    Map<String, Object> answer = answer(method, params);
    assertThat(answer).as(method).doesNotContainKey("error");
    return object(answer.get("result"));
  }

  /** Calls a method that should fail. */
  Map<String, Object> refused(String method, Object... params) {
    Map<String, Object> answer = answer(method, params);
    assertThat(answer).as(method).containsKey("error");
    return object(answer.get("error"));
  }

  private Map<String, Object> answer(String method, Object... params) {
    return object(read(post(body(1, method, params)).body()));
  }

  static String body(Object id, String method, Object... params) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("jsonrpc", "2.0");
    if (id != null) {
      call.put("id", id);
    }
    call.put("method", method);
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < params.length; i += 2) {
      named.put((String) params[i], params[i + 1]);
    }
    call.put("params", named);
    return new String(JsonText.write(call), StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> post(String body) {
    return post(body.getBytes(StandardCharsets.UTF_8));
  }

  HttpResponse<byte[]> post(byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/rpc"))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (!List.of(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<byte[]> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(server.url() + path)).build());
  }

  private static HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Object read(byte[] json) {
    return JsonText.read(json);
  }

  /** The code of the error that a raw body is answered with. */
  int errorCode(byte[] body) {
    return (int) object(object(read(post(body).body())).get("error")).get("code");
  }

  static String reason(Map<String, Object> error) {
    return (String) object(error.get("data")).get("reason");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> objects(Object value) {
    return (List<Map<String, Object>>) value;
  }

  @Override
  public void close() {
    server.close();
    torpor.close();
  }
}
