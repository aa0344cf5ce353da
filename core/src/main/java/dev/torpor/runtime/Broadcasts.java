package dev.torpor.runtime;

import dev.torpor.rules.EventRules;
import dev.torpor.state.Broadcast;
import dev.torpor.state.Keys;
import dev.torpor.store.JsonStateSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers broadcasts in portions; those that a crash cut off go on at a start. Thread-safe. */
final class Broadcasts {
  private static final Logger log = LoggerFactory.getLogger(Broadcasts.class);

  private final Shard shard;
  private final ConcurrentHashMap<Long, CompletableFuture<Broadcast>> running =
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

  /** Broadcasts an event and returns when it has reached everybody. */
  Broadcast broadcast(String event, @Nullable Object data, Broadcast.@Nullable Request request) {
    long seq =
        shard.decide(
            draft -> {
              EventRules.record(draft, event, data, request);
              return draft.stamp().seq();
            });
    return start(seq).join();
  }

  /** Waits for one that is on its way under a request's key; null when there is none. */
  @Nullable Broadcast await(Broadcast.Request request) {
    Long seq =
        shard.read(
            fold -> {
              var open = fold.scan(Keys.BROADCASTS);
              while (open.hasNext()) {
                var entry = open.next();
                Broadcast.Request r = ((Broadcast) entry.value()).request();
                if (r != null && r.equals(request)) {
                  return (Long) Long.parseLong(Keys.last(entry.key()));
                }
              }
              return null;
            });
    return seq == null ? null : start(seq).join();
  }

  private CompletableFuture<Broadcast> start(long seq) {
    CompletableFuture<Broadcast> fresh = new CompletableFuture<>();
    CompletableFuture<Broadcast> before = running.putIfAbsent(seq, fresh);
    if (before != null) {
      return before;
    }
    Thread.ofVirtual().name("broadcast-" + seq).start(() -> deliver(seq, fresh));
    return fresh;
  }

  private void deliver(long seq, CompletableFuture<Broadcast> done) {
    try {
      String from = "";
      while (from != null) {
        String here = from;
        from =
            shard.<@Nullable String>decidePatiently(draft -> EventRules.deliver(draft, seq, here));
      }
      done.complete(
          shard.decidePatiently(draft -> EventRules.end(draft, seq, JsonStateSerializer::toJson)));
    } catch (RuntimeException e) {
      log.warn("broadcast {} goes on at the next start: {}", seq, e.getMessage());
      done.completeExceptionally(e);
    } finally {
      running.remove(seq);
    }
  }
}
