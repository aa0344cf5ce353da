package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Torpor as a server, called by JSON-RPC over HTTP, each writer on a connection of its own. */
record ServedTorpor() implements Contender {

  @Override
  public String name() {
    return "Torpor server";
  }

  @Override
  public Session open(Path folder) throws IOException {
    ServerChild server = new ServerChild(folder.resolve("state"));
    List<HttpConnection> connections = new ArrayList<>();
    for (int i = 0; i < Workload.W2r.writers(); i++) {
      HttpConnection connection = server.connect();
      connections.add(connection);
      call(connection, "agent.create", "\"agent_id\":\"agent-%d\"".formatted(i));
    }
    return new Session() {
      @Override
      public void append(int agent, byte[] message) throws IOException {
        call(
            connections.get(agent),
            "context.append",
            "\"agent_id\":\"agent-%d\",\"role\":\"user\",\"content\":\"%s\""
                .formatted(agent, new String(message, US_ASCII)));
      }

      @Override
      public long cpuNanos() {
        return server.cpuNanos();
      }

      @Override
      public void close() throws Exception {
        for (HttpConnection connection : connections) {
          connection.close();
        }
        server.close();
      }
    };
  }

  private static void call(HttpConnection connection, String method, String params)
      throws IOException {
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + "}}";
    String answer = connection.exchange(connection.call(json));
    if (!answer.contains("\"result\"")) {
      throw new IOException(method + " was answered " + answer);
    }
  }
}
