package dev.torpor.server;

import dev.torpor.Torpor;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server. It serves a {@link Torpor} that its owner closes, after it. Thread-safe. */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final int MAX_BODY_BYTES = 10 << 20;

  /** How much of a body that is too large is read and dropped. */
  private static final long MAX_DRAINED_BYTES = 1L << 30;

  /** How long calls that are being answered have when the server closes. */
  private static final int GRACE_MILLIS = 2_000;

  private final Torpor torpor;
  private final ServerOptions options;
  private final Methods methods;
  private final Rpc rpc;
  private final Moving moving;
  private final Javalin http;

  /** Made when the port is known; whoever calls before that waits a moment. */
  private final CompletableFuture<Door> door = new CompletableFuture<>();

  private volatile boolean closing;

  private Server(Torpor torpor, ServerOptions options) {
    this.torpor = torpor;
    this.options = options;
    this.methods = Methods.of(torpor);
    this.rpc = new Rpc(methods);
    this.moving = new Moving(torpor);
    this.http = Javalin.create(this::configure);
  }

  /**
   * Checks where a server would listen, so that one that cannot does not touch its state folder.
   *
   * @throws IllegalArgumentException when this machine has no such address, or the server would be
   *     open to a network without a token
   * @throws UncheckedIOException when somebody else listens there
   */
  static void checkPlace(ServerOptions options) {
    InetSocketAddress place = new InetSocketAddress(options.host(), options.port());
    if (place.isUnresolved()) {
      throw new IllegalArgumentException(
          "there is no address for the host " + options.host() + "; listen at 127.0.0.1");
    }
    if (options.token() == null && !place.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "a server at "
              + options.host()
              + " would obey everybody in the network; give it a token, or listen at 127.0.0.1");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(place);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen at %s:%d (%s); choose another port, or 0 for a free one"
              .formatted(Door.written(options.host()), options.port(), e.getMessage()),
          e);
    }
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws IllegalArgumentException when this machine has no such address, or the server would be
   *     open to a network without a token
   * @throws UncheckedIOException when somebody else listens there
   */
  public static Server start(Torpor torpor, ServerOptions options) {
    checkPlace(options);
    Server server = new Server(torpor, options);
    server.http.start(options.host(), options.port());
    server.door.complete(new Door(options, server.port()));
    torpor.servedAt(server.url());
    return server;
  }

  public int port() {
    return http.port();
  }

  /** Where it listens: {@code http://HOST:PORT}. */
  public String url() {
    return "http://" + Door.written(options.host()) + ":" + port();
  }

  /**
   * Takes no more calls, answers those that wait with what there is, and returns when all are
   * answered or cut off. Idempotent.
   */
  @Override
  public void close() {
    closing = true;
    torpor.endWaits();
    try {
      http.stop();
    } catch (JavalinException e) {
      log.warn("calls that took too long were cut off: {}", e.getMessage());
    }
  }

  private void configure(JavalinConfig config) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyHttpConfiguration(
        jetty -> {
          jetty.setSendServerVersion(false);
          jetty.setSendDateHeader(false);
        });
    config.jetty.modifyServer(
        jetty -> {
          jetty.setStopTimeout(GRACE_MILLIS);
          jetty.setHandler(new GracefulHandler());
        });
    config.routes.before(this::checkSource);
    config.routes.post("/rpc", this::call);
    config.routes.get("/export", context -> move(context, null, () -> moving.export(context)));
    config.routes.post(
        "/import",
        context ->
            move(context, Moving.CONTENT_TYPE, () -> write(context, 200, moving.take(context))));
    config.routes.get("/healthz", context -> write(context, 200, Map.of("status", "ok")));
    config.routes.get("/readyz", this::ready);
  }

  private void checkSource(Context context) throws IOException {
    Door.Refusal refusal = door.join().checkSource(context.req());
    if (refusal != null) {
      refuse(context, refusal.status(), refusal.error());
      context.skipRemainingHandlers();
    }
  }

  private void call(Context context) throws IOException {
    // Here and not before: a path has several spellings that all lead to this method.
    Door.Refusal refusal = door.join().checkCall(context.req());
    if (refusal != null) {
      refuse(context, refusal.status(), refusal.error());
      return;
    }
    byte[] body = body(context.req());
    if (body == null) {
      refuse(
          context,
          413,
          new RpcException(
              RpcException.LIMIT_EXCEEDED,
              "max_body_bytes",
              "a body has at most " + MAX_BODY_BYTES + " bytes"));
      return;
    }
    byte[] answer = rpc.answer(body);
    if (answer == null) {
      context.status(204);
    } else {
      write(context, 200, answer);
    }
  }

  private interface Move {
    void run() throws IOException;
  }

  /**
   * Moves agents, if whoever asks may.
   *
   * @param type what must come; null for nothing
   */
  private void move(Context context, @Nullable String type, Move move) throws IOException {
    Door door = this.door.join();
    Door.Refusal refusal =
        type == null ? door.checkToken(context.req()) : door.checkPost(context.req(), type);
    if (refusal != null) {
      refuse(context, refusal.status(), refusal.error());
      return;
    }
    try {
      move.run();
    } catch (RuntimeException e) {
      RpcException error = Errors.of(e, context.path());
      if (context.res().isCommitted()) {
        throw new IOException("an export broke off: " + error.getMessage(), e);
      }
      context.res().reset();
      refuse(context, Moving.status(error), error);
    }
  }

  /** The whole body; null when it is too large. */
  private static byte @Nullable [] body(HttpServletRequest request) throws IOException {
    long length = request.getContentLengthLong();
    if (length > MAX_BODY_BYTES) {
      drain(request.getInputStream());
      return null;
    }
    if (length >= 0) {
      byte[] body = new byte[(int) length];
      request.getInputStream().readNBytes(body, 0, body.length);
      return body;
    }
    byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length <= MAX_BODY_BYTES) {
      return body;
    }
    drain(request.getInputStream());
    return null;
  }

  /** A client that still writes hears nothing but that the connection broke; so let it end. */
  private static void drain(InputStream body) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = MAX_DRAINED_BYTES;
    for (int n = body.read(buffer); n >= 0 && left > 0; n = body.read(buffer)) {
      left -= n;
    }
  }

  private void ready(Context context) throws IOException {
    if (!closing && methods.isWritable()) {
      write(context, 200, Map.of("status", "ready"));
    } else {
      write(context, 503, Map.of("status", closing ? "stopping" : "not writable"));
    }
  }

  private static void refuse(Context context, int status, RpcException error) throws IOException {
    write(context, status, Errors.answer(null, error));
  }

  private static void write(Context context, int status, Object answer) throws IOException {
    write(context, status, JsonText.write(answer));
  }

  private static void write(Context context, int status, byte[] json) throws IOException {
    HttpServletResponse response = context.res();
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }
}
