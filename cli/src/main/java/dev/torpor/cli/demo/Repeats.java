package dev.torpor.cli.demo;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Steps whose work ran more than once.
 *
 * @param finished those that were known to be finished before the kill: there must be none
 * @param cutOff the others, which the kill cut off
 */
record Repeats(Set<String> finished, Set<String> cutOff) {
  static Repeats of(Ledger before, StepLog log) throws IOException {
    Set<String> finished = new TreeSet<>();
    Set<String> cutOff = new TreeSet<>();
    log.runs()
        .forEach(
            (step, runs) -> {
              if (runs > 1) {
                (before.steps().containsKey(step) ? finished : cutOff).add(step);
              }
            });
    return new Repeats(finished, cutOff);
  }
}
