package dev.torpor.server;

import dev.torpor.Torpor;
import dev.torpor.rules.Request;
import dev.torpor.rules.Terms;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How requests are carried out: each waits until it is durable, or, in a batch, all are decided
 * first and share the force of the disk.
 */
@FunctionalInterface
interface Carrier {
  /** Decides a request; its answer, once it is got, is durable. */
  <R> Supplier<R> carry(Request<R> request, Terms terms);

  /** Decided and durable when {@link #carry} returns. */
  static Carrier atOnce(Torpor torpor) {
    return new Carrier() {
      @Override
      public <R> Supplier<R> carry(Request<R> request, Terms terms) {
        R answer = torpor.perform(request, terms);
        return () -> answer;
      }
    };
  }

  /** Decided when {@link #carry} returns, durable when its answer is got. */
  static Carrier soon(Torpor torpor) {
    return new Carrier() {
      @Override
      public <R> Supplier<R> carry(Request<R> request, Terms terms) {
        CompletableFuture<R> answer = torpor.performSoon(request, terms);
        return answer::join;
      }
    };
  }
}
