package dev.torpor.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;

/**
 * One connection of HTTP/1.1 that is kept open, with as little work as possible at this end: what
 * is measured is the server. For one thread.
 */
final class HttpConnection implements Closeable {

  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final String host;
  private final byte[] buffer = new byte[64 << 10];

  HttpConnection(String host, int port) throws IOException {
    socket = new Socket(host, port);
    socket.setTcpNoDelay(true);
    this.host = host + ":" + port;
  }

  /** The bytes of a request, to be sent any number of times. */
  byte[] get(String path) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(path, host).getBytes(ISO_8859_1);
  }

  /** {@link #get} for a call by JSON-RPC. */
  byte[] call(String json) {
    return "POST /rpc HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(host, json.getBytes(UTF_8).length, json)
        .getBytes(UTF_8);
  }

  /** Sends a request and waits for its answer; gives the answer's body. */
  String exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    int filled = 0;
    int body = -1;
    int end = Integer.MAX_VALUE;
    while (filled < end) {
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
      filled += read;
      if (body < 0) {
        body = bodyStart(filled);
        end = body < 0 ? Integer.MAX_VALUE : body + length(body);
      }
    }
    String status = new String(buffer, 0, 12, ISO_8859_1);
    if (!status.endsWith(" 200")) {
      throw new IOException("the server answered " + status);
    }
    return new String(buffer, body, end - body, UTF_8);
  }

  private int bodyStart(int filled) {
    for (int i = 0; i + 4 <= filled; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private int length(int body) throws IOException {
    String head = new String(buffer, 0, body, ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    if (at < 0) {
      throw new IOException("an answer without a length: " + head);
    }
    return Integer.parseInt(head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
