package dev.torpor.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerStartTest {
  private static final int STARTS = 30;
  private static final int CALLERS = 4;

  @TempDir Path folder;

  /** The port listens a moment before the server knows which one it is. */
  @Test
  void whoeverGetsThroughFirstGetsAnAnswer() throws Exception {
    int port = freePort();
    for (int start = 0; start < STARTS; start++) {
      List<CompletableFuture<String>> first = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        first.add(CompletableFuture.supplyAsync(() -> firstAnswer(port)));
      }
      try (Rig rig = new Rig(folder, ServerOptions.DEFAULT.port(port))) {
        for (CompletableFuture<String> answer : first) {
          assertThat(answer.get()).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
        }
      }
    }
  }

  private static String firstAnswer(int port) {
    byte[] request =
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
            .formatted(port)
            .getBytes(US_ASCII);
    while (true) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write(request);
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
      } catch (IOException e) {
        Thread.onSpinWait(); // nobody listens yet
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
