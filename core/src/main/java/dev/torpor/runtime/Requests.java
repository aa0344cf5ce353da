package dev.torpor.runtime;

import dev.torpor.rules.AgentView;
import dev.torpor.rules.Draft;
import dev.torpor.rules.Request;
import dev.torpor.rules.Rules;
import dev.torpor.rules.Terms;
import dev.torpor.state.AgentState;
import dev.torpor.state.Change;
import dev.torpor.state.Json;
import dev.torpor.state.Remembered;
import dev.torpor.store.JsonStateSerializer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests under idempotency keys: the answer is remembered in the commit that carries the request
 * out, and a request that comes again gets it.
 */
final class Requests {
  /** An answer about an agent with a larger working memory is remembered without it. */
  private static final long LARGEST_MEMORY = 64 << 10;

  private static final String MEMORY = "memory";

  private final Duration kept;

  /**
   * @param kept how long keys count
   */
  Requests(Duration kept) {
    this.kept = kept;
  }

  /** A request as it comes; nothing of this is done under the decision lock. */
  <R> Asked<R> asked(Request<R> request, Terms terms) {
    String key = terms.idempotencyKey();
    return new Asked<>(
        request, terms, key == null ? null : new Key(Rules.method(request), key, digest(request)));
  }

  /**
   * An idempotency key as a request uses it.
   *
   * @param digest of all that the request says
   */
  private record Key(String method, String text, String digest) {}

  /** A request that is ready to be decided. */
  final class Asked<R> {
    private final Request<R> request;
    private final Terms terms;
    private final @Nullable Key key;

    private Asked(Request<R> request, Terms terms, @Nullable Key key) {
      this.request = request;
      this.terms = terms;
      this.key = key;
    }

    /** The same, whatever version its agent has come to. */
    Asked<R> ofAnyVersion() {
      return new Asked<>(request, new Terms(terms.idempotencyKey(), null), key);
    }

    /** Decides it, or gives the answer that it got before. */
    R decide(Draft draft) {
      Key key = this.key;
      if (key == null) {
        return Rules.decide(draft, request, terms);
      }
      String agent = Rules.addressed(draft, request);
      Remembered before = remembered(draft, key.method(), agent, key.text(), key.digest());
      if (before != null) {
        return JsonStateSerializer.fromJson(
            completed(draft, agent, before.answer()), Rules.answerType(request));
      }
      R answer = Rules.decide(draft, request, terms);
      draft.emit(
          new Change.RequestRemembered(
              key.method(), agent, key.text(), key.digest(), abridged(answer)));
      return answer;
    }

    /**
     * What of an answer is remembered: all of it, unless it would cost by the size of the agent's
     * state, and not by what the request changed.
     */
    private @Nullable Object abridged(@Nullable Object answer) {
      Object json = JsonStateSerializer.toJson(answer);
      if (answer instanceof AgentView view && json instanceof Map<?, ?> fields) {
        long size = view.memory().stream().mapToLong(item -> Json.size(item.value())).sum();
        if (size > LARGEST_MEMORY) {
          Map<Object, @Nullable Object> rest = new LinkedHashMap<>(fields);
          rest.remove(MEMORY);
          return rest;
        }
      }
      return json;
    }

    /** The remembered answer; with the working memory of now, if it was remembered without. */
    private @Nullable Object completed(Draft draft, String agentId, @Nullable Object json) {
      if (Rules.answerType(request) != AgentView.class
          || !(json instanceof Map<?, ?> fields)
          || fields.containsKey(MEMORY)) {
        return json;
      }
      AgentState agent = draft.find(agentId);
      Map<Object, @Nullable Object> all = new LinkedHashMap<>(fields);
      all.put(MEMORY, JsonStateSerializer.toJson(agent == null ? List.of() : agent.memory()));
      return all;
    }

    /** Whether it was carried out before. */
    boolean isAnswered(Draft draft) {
      Key key = this.key;
      return key != null
          && remembered(
                  draft, key.method(), Rules.addressed(draft, request), key.text(), key.digest())
              != null;
    }
  }

  @Nullable Remembered remembered(
      Draft draft, String method, String agent, String key, String digest) {
    return Rules.remembered(draft, method, agent, key, digest, kept);
  }

  /** What tells a request from another under the same key: a digest of all that it says. */
  static String digest(Object request) {
    try {
      StringBuilder canonical = new StringBuilder();
      canonical(JsonStateSerializer.toJson(request), canonical);
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** One text for one JSON value, whatever the order of its objects' fields. */
  private static void canonical(@Nullable Object json, StringBuilder out) {
    switch (json) {
      case Map<?, ?> map -> {
        out.append('{');
        new TreeMap<>(map)
            .forEach(
                (name, value) -> {
                  canonical(name, out);
                  canonical(value, out);
                });
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        list.forEach(item -> canonical(item, out));
        out.append(']');
      }
      case String text -> out.append(text.length()).append('"').append(text);
      case null, default -> out.append(json).append(',');
    }
  }
}
