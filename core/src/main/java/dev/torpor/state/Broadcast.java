package dev.torpor.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A broadcast on its way: recorded, and delivered to some.
 *
 * @param event what is broadcast
 * @param woken how many it has woken
 * @param agents the first of them, {@value #NAMED} at most
 * @param request the request to remember when it is over; null when it had no idempotency key
 */
public record Broadcast(Event event, long woken, List<String> agents, @Nullable Request request) {
  /** How many of the agents that were woken are named in the answer. */
  public static final int NAMED = 1000;

  public Broadcast {
    agents = List.copyOf(agents);
  }

  /** What is needed to remember a request: see {@link Change.RequestRemembered}. */
  public record Request(String method, String agent, String key, String digest) {}
}
