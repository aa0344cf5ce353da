package dev.torpor.runtime;

import dev.torpor.rules.Draft;
import dev.torpor.rules.EventRules;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Keys;
import dev.torpor.store.JsonStateSerializer;
import dev.torpor.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers broadcasts in portions; those that a crash cut off go on at a start. Thread-safe. */
final class Broadcasts {
  private static final Logger log = LoggerFactory.getLogger(Broadcasts.class);

  private final Shard shard;
  private final ConcurrentHashMap<Long, CompletableFuture<@Nullable Broadcast>> running =
      new ConcurrentHashMap<>();

  Broadcasts(Shard shard) {
    this.shard = shard;
  }

  /** Goes on with those that are recorded and not over. */
  void resume() {
    List<Long> open =
        shard.read(
            fold -> {
              List<Long> seqs = new ArrayList<>();
              fold.scan(Keys.BROADCASTS)
                  .forEachRemaining(entry -> seqs.add(Long.parseLong(Keys.last(entry.key()))));
              return seqs;
            });
    open.forEach(this::start);
  }

  /**
   * Broadcasts an event and returns when it has reached everybody; under an idempotency key once,
   * however many ask at the same time.
   *
   * @param answered gives the answer of a request that was carried out before, or null
   */
  Broadcast broadcast(
      String event,
      @Nullable Object data,
      Broadcast.@Nullable Request request,
      Function<Draft, @Nullable Broadcast> answered) {
    while (true) {
      Begun begun =
          shard.decide(
              draft -> {
                Broadcast before = answered.apply(draft);
                return before == null
                    ? new Begun(EventRules.record(draft, event, data, request), null)
                    : new Begun(0, before);
              });
      Broadcast answer = begun.answer();
      Broadcast broadcast = answer == null ? start(begun.seq()).join() : answer;
      if (broadcast != null) {
        return broadcast;
      } // another's, which has ended since: its answer is remembered
    }
  }

  /**
   * A broadcast that is on its way, or its answer.
   *
   * @param seq at which it was recorded, when there is no answer yet
   */
  private record Begun(long seq, @Nullable Broadcast answer) {}

  private CompletableFuture<@Nullable Broadcast> start(long seq) {
    CompletableFuture<@Nullable Broadcast> fresh = new CompletableFuture<>();
    CompletableFuture<@Nullable Broadcast> before = running.putIfAbsent(seq, fresh);
    if (before != null) {
      return before;
    }
    Thread.ofVirtual().name("broadcast-" + seq).start(() -> deliver(seq, fresh));
    return fresh;
  }

  private void deliver(long seq, CompletableFuture<@Nullable Broadcast> done) {
    try {
      int portion = EventRules.PORTION;
      String from = "";
      while (from != null) {
        String here = from;
        int now = portion;
        try {
          from =
              shard.<@Nullable String>decidePatiently(
                  draft -> EventRules.deliver(draft, seq, here, now));
        } catch (StoreException e) {
          if (e.reason() != StoreException.Reason.TOO_LARGE || portion == 1) {
            throw e;
          }
          portion /= 2; // each who asked for a task when woken gets the event's data with it
        }
      }
      done.complete(
          shard.<@Nullable Broadcast>decidePatiently(
              draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson)));
    } catch (RuntimeException e) {
      log.warn("broadcast {} goes on at the next start: {}", seq, e.getMessage());
      done.completeExceptionally(e);
    } finally {
      running.remove(seq);
    }
  }
}
