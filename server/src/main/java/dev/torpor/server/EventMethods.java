package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.state.Broadcast;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code event.*}. */
final class EventMethods {
  private final Torpor torpor;

  EventMethods(Torpor torpor) {
    this.torpor = torpor;
  }

  void addTo(Methods methods) {
    methods.add("event.broadcast", Set.of("event", "data", "idempotency_key"), this::broadcast);
  }

  private Supplier<?> broadcast(Params p, Carrier carrier) {
    Broadcast broadcast = torpor.broadcast(p.text("event"), p.value("data"), p.terms());
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("woken", broadcast.woken());
    answer.put("agents", broadcast.agents());
    return () -> answer;
  }
}
