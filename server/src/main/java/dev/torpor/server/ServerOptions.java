package dev.torpor.server;

import org.jspecify.annotations.Nullable;

/**
 * Where a server listens and whom it lets in.
 *
 * @param host the address to listen at
 * @param port the port; 0 picks a free one
 * @param token what every call has to bring; null lets everybody in, which only a loopback address
 *     may
 */
public record ServerOptions(String host, int port, @Nullable String token) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 7070;

  /** The loopback address, port 7070, no token. */
  public static final ServerOptions DEFAULT = new ServerOptions(DEFAULT_HOST, DEFAULT_PORT, null);

  public ServerOptions port(int port) {
    return new ServerOptions(host, port, token);
  }

  public ServerOptions host(String host) {
    return new ServerOptions(host, port, token);
  }

  public ServerOptions token(@Nullable String token) {
    return new ServerOptions(host, port, token);
  }

  /** Without the token: options are printed. */
  @Override
  public String toString() {
    return "ServerOptions[host=%s, port=%d, token=%s]"
        .formatted(host, port, token == null ? "none" : "set");
  }
}
