package dev.torpor.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a damaged agent lost. Its session says which version it has now, which is above all those
 * that it ever had.
 *
 * @param from the first of its versions that nothing says any more
 * @param to the last one; null when nobody knows
 * @param at when it was found
 * @param what in words
 */
public record Loss(long from, @Nullable Long to, Instant at, String what) {}
