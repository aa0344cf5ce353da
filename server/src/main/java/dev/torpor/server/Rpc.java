package dev.torpor.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0, whatever carries it. Thread-safe. */
final class Rpc {
  private static final int MAX_BATCH = 1000;

  private final Methods methods;

  Rpc(Methods methods) {
    this.methods = methods;
  }

  /**
   * Carries out a body; the answer is durable.
   *
   * @return null when nothing in it wants an answer
   */
  byte @Nullable [] answer(byte[] body) {
    Object answer;
    try {
      answer = answer(JsonText.read(body));
    } catch (RpcException e) {
      answer = Errors.answer(null, e);
    }
    return answer == null ? null : JsonText.write(answer);
  }

  private @Nullable Object answer(@Nullable Object body) {
    if (!(body instanceof List<?> batch)) {
      return single(body);
    }
    if (batch.isEmpty()) {
      throw invalid("a batch has at least one call");
    }
    if (batch.size() > MAX_BATCH) {
      throw new RpcException(
          RpcException.LIMIT_EXCEEDED,
          "max_batch",
          "a batch has at most %d calls, this one %d".formatted(MAX_BATCH, batch.size()));
    }
    return batch(batch);
  }

  private @Nullable Object single(@Nullable Object body) {
    Call call;
    try {
      call = Call.of(body);
    } catch (RpcException e) {
      return Errors.answer(Call.id(body), e);
    }
    return answer(call, () -> methods.call(call.method(), call.params()));
  }

  private @Nullable Object batch(List<?> batch) {
    List<Supplier<@Nullable Object>> begun = new ArrayList<>(batch.size());
    for (Object body : batch) {
      begun.add(begin(body));
    }
    List<Object> answers = new ArrayList<>(batch.size());
    for (Supplier<@Nullable Object> call : begun) {
      Object answer = call.get();
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers.isEmpty() ? null : answers;
  }

  /** Decides a call of a batch; its answer, once it is got, is durable. */
  private Supplier<@Nullable Object> begin(@Nullable Object body) {
    Call call;
    try {
      call = Call.of(body);
    } catch (RpcException e) {
      return () -> Errors.answer(Call.id(body), e);
    }
    try {
      Supplier<? extends @Nullable Object> result = methods.callSoon(call.method(), call.params());
      return () -> answer(call, result);
    } catch (RuntimeException e) {
      RpcException error = Errors.of(e, call.method());
      return () -> call.wantsAnswer() ? Errors.answer(call.id(), error) : null;
    }
  }

  private static @Nullable Object answer(Call call, Supplier<? extends @Nullable Object> result) {
    Object answer;
    try {
      Object value = result.get();
      answer = call.wantsAnswer() ? success(call.id(), value) : null;
    } catch (RuntimeException e) {
      RpcException error = Errors.of(e, call.method());
      answer = call.wantsAnswer() ? Errors.answer(call.id(), error) : null;
    }
    return answer;
  }

  private static Map<String, @Nullable Object> success(
      @Nullable Object id, @Nullable Object result) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("jsonrpc", "2.0");
    answer.put("id", id);
    answer.put("result", result);
    return answer;
  }

  private static RpcException invalid(String message) {
    return new RpcException(RpcException.INVALID_REQUEST, "invalid_request", message);
  }

  /**
   * A call as it stands in a body.
   *
   * @param wantsAnswer false for a notification
   */
  private record Call(
      String method,
      Map<String, @Nullable Object> params,
      @Nullable Object id,
      boolean wantsAnswer) {

    @SuppressWarnings("unchecked") // JSON's keys are strings
    static Call of(@Nullable Object body) {
      if (!(body instanceof Map<?, ?> map)) {
        throw invalid("a call is an object");
      }
      if (!"2.0".equals(map.get("jsonrpc"))) {
        throw invalid("jsonrpc must be \"2.0\"");
      }
      if (!(map.get("method") instanceof String method)) {
        throw invalid("method must be a text");
      }
      Object id = map.get("id");
      if (id != null && !(id instanceof String) && !(id instanceof Number)) {
        throw invalid("id must be a text, a number or null");
      }
      Object params = map.get("params");
      if (params == null) {
        params = Map.of();
      }
      if (!(params instanceof Map<?, ?> named)) {
        throw params instanceof List
            ? new RpcException(
                RpcException.INVALID_PARAMS,
                "positional",
                "params",
                "parameters are given by name",
                "make params an object")
            : invalid("params must be an object");
      }
      Map<String, @Nullable Object> values = (Map<String, @Nullable Object>) named;
      JsonText.checkDepth(values);
      return new Call(method, values, id, map.containsKey("id"));
    }

    /** The id of what is no call, as far as it has one. */
    static @Nullable Object id(@Nullable Object body) {
      Object id = body instanceof Map<?, ?> map ? map.get("id") : null;
      return id instanceof String || id instanceof Number ? id : null;
    }
  }
}
