package dev.torpor.server;

import dev.torpor.Torpor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods by name, whoever calls them: a server's clients, or a command that opened a folder
 * itself. Thread-safe.
 */
public final class Methods {
  /** What a method does that may change something. */
  @FunctionalInterface
  interface Changing {
    /** Does it; the answer, once it is got, is durable. */
    Supplier<? extends @Nullable Object> call(Params params, Carrier carrier);
  }

  private record Method(Set<String> parameters, Changing action) {}

  private final Torpor torpor;
  private final Carrier atOnce;
  private final Carrier soon;
  private final Map<String, Method> methods = new HashMap<>();

  private Methods(Torpor torpor) {
    this.torpor = torpor;
    this.atOnce = Carrier.atOnce(torpor);
    this.soon = Carrier.soon(torpor);
  }

  /** All methods, on this Torpor. */
  public static Methods of(Torpor torpor) {
    Methods methods = new Methods(torpor);
    new AgentMethods(torpor).addTo(methods);
    new TaskMethods(torpor).addTo(methods);
    new ContextMethods(torpor).addTo(methods);
    new MailMethods(torpor).addTo(methods);
    new EventMethods(torpor).addTo(methods);
    new StateMethods(torpor).addTo(methods);
    return methods;
  }

  /** Adds a method that changes nothing. */
  void reading(String name, Function<Params, ? extends @Nullable Object> action, String... names) {
    add(
        name,
        Set.of(names),
        (params, _) -> {
          Object answer = action.apply(params);
          return () -> answer;
        });
  }

  /** Adds a method that changes an agent, under the terms that the caller gives. */
  void changing(String name, Changing action, String... names) {
    Set<String> all = new HashSet<>(Set.of(names));
    all.add("idempotency_key");
    all.add("expected_version");
    add(name, Set.copyOf(all), action);
  }

  /** Adds a method with exactly the parameters that are named. */
  void add(String name, Set<String> names, Changing action) {
    methods.put(name, new Method(names, action));
  }

  /**
   * Calls a method; returns when its answer is durable.
   *
   * @param params its parameters, by name
   * @throws RpcException when it did not do what it was asked
   */
  public @Nullable Object call(String name, Map<String, @Nullable Object> params) {
    try {
      return begin(name, params, atOnce).get();
    } catch (RuntimeException e) {
      throw Errors.of(e, name);
    }
  }

  /** Calls a method; the answer, or the failure, is durable once it is got. */
  Supplier<? extends @Nullable Object> callSoon(String name, Map<String, @Nullable Object> params) {
    return begin(name, params, soon);
  }

  private Supplier<? extends @Nullable Object> begin(
      String name, Map<String, @Nullable Object> given, Carrier carrier) {
    Method method = methods.get(name);
    if (method == null) {
      throw new RpcException(
          RpcException.METHOD_NOT_FOUND,
          "method_not_found",
          "there is no method '" + (name.length() > 64 ? name.substring(0, 64) : name) + "'");
    }
    Params params = new Params(given);
    params.checkNames(method.parameters());
    return method.action().call(params, carrier);
  }

  /**
   * Whether a change would be taken now. A request that changes nothing is refused as one that does
   * when the store takes no more.
   */
  boolean isWritable() {
    try {
      torpor.perform(StateMethods.NOTHING, dev.torpor.rules.Terms.NONE);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
