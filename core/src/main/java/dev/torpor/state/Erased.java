package dev.torpor.state;

import java.time.Instant;

/**
 * That what agents had which were deleted is being erased: nobody is given it again.
 *
 * @param upTo the sequence number up to which they were deleted
 * @param at when that was decided
 */
public record Erased(long upTo, Instant at) {}
