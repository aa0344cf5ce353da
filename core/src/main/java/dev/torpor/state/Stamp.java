package dev.torpor.state;

import java.time.Instant;

/**
 * When a commit's changes became true.
 *
 * @param seq its sequence number
 * @param at the time at which it was decided, in whole microseconds
 */
public record Stamp(long seq, Instant at) {}
