package dev.torpor.server;

import dev.torpor.TorporException;
import dev.torpor.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong, as JSON-RPC's errors say it. */
final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);
  private static final String REPEAT = "repeat the request with the same idempotency key";

  private Errors() {}

  /** The error that a failure of a method is answered with; what nobody expected is logged. */
  static RpcException of(RuntimeException e, String method) {
    return switch (e) {
      case RpcException rpc -> rpc;
      case TorporException torpor -> of(torpor);
      case InvalidParamException param ->
          new RpcException(
              RpcException.INVALID_PARAMS,
              param.reason(),
              param.field(),
              param.getMessage(),
              param.hint());
      case StoreException store -> of(store);
      case CompletionException completion
          when completion.getCause() instanceof RuntimeException c ->
          of(c, method);
      default -> {
        log.error("{} failed", method, e);
        yield new RpcException(
            RpcException.INTERNAL, "internal", "internal error; the server's log says more");
      }
    };
  }

  private static RpcException of(TorporException e) {
    int code =
        switch (e.kind()) {
          case NOT_FOUND -> RpcException.NOT_FOUND;
          case CONFLICT -> RpcException.CONFLICT;
          case LIMIT_EXCEEDED -> RpcException.LIMIT_EXCEEDED;
          case INVALID -> RpcException.INVALID_PARAMS;
          case UNAVAILABLE, OUTCOME_UNKNOWN, TIMEOUT -> RpcException.UNAVAILABLE;
          case DAMAGED -> RpcException.DAMAGED;
        };
    String hint = e.kind() == TorporException.Kind.OUTCOME_UNKNOWN ? REPEAT : null;
    return new RpcException(
        code, e.reason(), e.field(), String.valueOf(e.getMessage()), hint, e.loss());
  }

  /** What a batch hears of the store when its changes turn out not to be durable. */
  private static RpcException of(StoreException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case OUTCOME_UNKNOWN ->
          new RpcException(RpcException.UNAVAILABLE, "outcome_unknown", null, message, REPEAT);
      case FULL -> new RpcException(RpcException.UNAVAILABLE, "full", message);
      case TOO_LARGE -> new RpcException(RpcException.LIMIT_EXCEEDED, "max_line_bytes", message);
      case DAMAGED -> new RpcException(RpcException.DAMAGED, "damaged", message);
      case READ_ONLY, NOT_OWNER, LOCKED, UNUSABLE ->
          new RpcException(RpcException.UNAVAILABLE, "read_only", message);
    };
  }

  /** A whole answer that says an error. */
  static Map<String, @Nullable Object> answer(@Nullable Object id, RpcException e) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("reason", e.reason());
    if (e.field() != null) {
      data.put("field", e.field());
    }
    if (e.hint() != null) {
      data.put("hint", e.hint());
    }
    if (e.loss() != null) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      versions.put("from", e.loss().from());
      Views.putKnown(versions, "to", e.loss().to());
      data.put("versions", versions);
    }
    Map<String, @Nullable Object> error = new LinkedHashMap<>();
    error.put("code", e.code());
    error.put("message", e.getMessage());
    error.put("data", data);
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", id);
    answer.put("error", error);
    return answer;
  }
}
