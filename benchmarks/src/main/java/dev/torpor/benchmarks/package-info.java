/**
 * Measures Torpor beside the physical limit and beside peers, in one run. {@link Benchmarks} is the
 * command. Here are the durable updates (W1, W2, W2r): how many a second, and how long each takes;
 * {@link dev.torpor.benchmarks.state} has what depends on how much state there is (W3 to W8).
 *
 * <p>An update is a message of {@value Workload#MESSAGE_BYTES} bytes, appended to an agent and
 * durable when the call returns. {@link DurableUpdates} lets the {@link Contender contenders} take
 * turns (A B C, A B C, …), so that a disk that gets slower or faster meanwhile does so for all of
 * them, and reports medians over the rounds.
 */
@NullMarked
package dev.torpor.benchmarks;

import org.jspecify.annotations.NullMarked;
