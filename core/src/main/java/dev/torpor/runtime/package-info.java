/**
 * Makes it run: the one decision lock, turns on virtual threads, timers, broadcasts, waiting.
 *
 * <p>State changes only by a {@link dev.torpor.runtime.Shard} deciding a commit. Code of users, I/O
 * and waiting never happen under its lock, and whatever leaves it first waits until what it saw is
 * durable. This room knows no door: what a turn's code sees of it is {@link
 * dev.torpor.runtime.TurnRun}.
 */
@NullMarked
package dev.torpor.runtime;

import org.jspecify.annotations.NullMarked;
