package dev.torpor.server;

import dev.torpor.ImportReport;
import dev.torpor.Torpor;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code GET /export} and {@code POST /import}: agents as a stream of lines. Thread-safe. */
final class Moving {
  static final String CONTENT_TYPE = "application/x-ndjson";

  /** More than this is moved by the command line, with the server stopped. */
  private static final long MAX_IMPORT_BYTES = 64L << 30;

  private static final int BUFFER = 1 << 16;

  private final Torpor torpor;

  Moving(Torpor torpor) {
    this.torpor = torpor;
  }

  /** Writes all agents, or the one that is named. What fails on the way lacks its last line. */
  void export(Context context) throws IOException {
    context.res().setContentType(CONTENT_TYPE);
    OutputStream out = new BufferedOutputStream(context.res().getOutputStream(), BUFFER);
    torpor.exportTo(out, context.queryParam("agent_id"), _ -> {});
    out.flush();
  }

  /** Takes what comes, when all of it is there and good; gives the answer. */
  Map<String, Object> take(Context context) throws IOException {
    Path file = Files.createTempFile("torpor-import-", ".jsonl");
    try {
      try (InputStream in = context.req().getInputStream();
          OutputStream out = Files.newOutputStream(file)) {
        copy(in, out);
      }
      boolean replace = "true".equals(context.queryParam("replace"));
      ImportReport report = torpor.importFrom(file, replace, _ -> {});
      return Map.of("agents", report.agents(), "entries", report.entries());
    } finally {
      Files.delete(file);
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = MAX_IMPORT_BYTES;
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      left -= n;
      if (left < 0) {
        throw new RpcException(
            RpcException.LIMIT_EXCEEDED,
            "max_import_bytes",
            "an import has at most " + MAX_IMPORT_BYTES + " bytes");
      }
      out.write(buffer, 0, n);
    }
  }

  /** The status of HTTP that goes with an error. */
  static int status(RpcException e) {
    return switch (e.code()) {
      case RpcException.NOT_FOUND -> 404;
      case RpcException.CONFLICT -> 409;
      case RpcException.LIMIT_EXCEEDED -> 413;
      case RpcException.INVALID_PARAMS -> 400;
      case RpcException.UNAVAILABLE -> 503;
      default -> 500;
    };
  }
}
