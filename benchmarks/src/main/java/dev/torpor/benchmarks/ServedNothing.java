package dev.torpor.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The limit of a server: the same one, and the same number of connections, asked for nothing. */
record ServedNothing() implements Contender {

  @Override
  public String name() {
    return "limit: GET /healthz of the server";
  }

  @Override
  public boolean isLimit() {
    return true;
  }

  @Override
  public Session open(Path folder) throws IOException {
    ServerChild server = new ServerChild(folder.resolve("state"));
    List<HttpConnection> connections = new ArrayList<>();
    for (int i = 0; i < Workload.W2r.writers(); i++) {
      connections.add(server.connect());
    }
    byte[] request = connections.getFirst().get("/healthz");
    return new Session() {
      @Override
      public void append(int agent, byte[] message) throws IOException {
        String _ = connections.get(agent).exchange(request);
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
}
